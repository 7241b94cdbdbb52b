import { readConfig } from './config';

const environment = { QUEUE_URL: 'redis://127.0.0.1:6379', TASK_PACKS: '/packs', ASSAY_HOME: '/home/assay' };

it('may leave grades or practice to other workers, but not both', () => {
  expect(readConfig({ ...environment, CONCURRENCY: '0' })).toMatchObject({ concurrency: 0, practiceConcurrency: 1 });
  expect(readConfig({ ...environment, PRACTICE_CONCURRENCY: '0' })).toMatchObject({ concurrency: 1, practiceConcurrency: 0 });
  expect(() => readConfig({ ...environment, CONCURRENCY: '0', PRACTICE_CONCURRENCY: '0' })).toThrow('both 0');
});

it('has defaults for all but the queue and the packs', () => {
  expect(readConfig({ ...environment, WORKER_NAME: 'one' })).toEqual({
    queueUrl: 'redis://127.0.0.1:6379',
    taskPacks: '/packs',
    assayHome: '/home/assay',
    concurrency: 1,
    practiceConcurrency: 1,
    sandboxDriver: null,
    healthHost: '127.0.0.1',
    healthPort: 3001,
    archiveOrigin: null,
    workerName: 'one',
    shutdownMs: 10_000,
    logLevel: 'info',
  });
  expect(readConfig({ ...environment, ARCHIVE_ORIGIN: 'https://api.example.org/api/v1' }).archiveOrigin).toBe(
    'https://api.example.org',
  );
  expect(readConfig({ ...environment, SANDBOX_DRIVER: 'bubblewrap' }).sandboxDriver).toBe('bubblewrap');
});

it('names everything that is missing or wrong', () => {
  expect(() => readConfig({})).toThrow(/QUEUE_URL: .*TASK_PACKS: /);
  for (const [name, value] of [
    ['CONCURRENCY', '-1'],
    ['PRACTICE_CONCURRENCY', '-1'],
    ['CONCURRENCY', 'two'],
    ['SANDBOX_DRIVER', 'none'],
    ['HEALTH_PORT', '70000'],
    ['ARCHIVE_ORIGIN', 'file:///etc'],
    ['SHUTDOWN_SECONDS', '-1'],
    ['LOG_LEVEL', 'loud'],
  ] as const) {
    expect(() => readConfig({ ...environment, [name]: value })).toThrow(`${name}: `);
  }
});

it('refuses the address of the platform database, without repeating it', () => {
  expect(() => readConfig({ ...environment, DATABASE_URL: 'postgres://assay:secret@db/assay' })).toThrow(
    /^DATABASE_URL is set\. A worker runs code of candidates and [^@]*$/,
  );
});
