import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ArchiveDownload } from './archive-download';
import { WorkerFault } from './worker-fault';

const ARCHIVE = Buffer.alloc(300_000, 'x');

// What the API may answer is tested with the processor.
describe('the disk that an archive is written to', () => {
  let server: Server;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'assay-spec-'));
    server = createServer((_request, response) => response.end(ARCHIVE));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['that is not there', 'missing/archive', 'ENOENT'],
    ['that holds another file', '.', 'EEXIST'],
  ])('%s is named, and not the API', async (_what, place, code) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive`;
    const sha256 = createHash('sha256').update(ARCHIVE).digest('hex');
    const archive = { url, token: 'run-token-secret', sha256, bytes: ARCHIVE.length };
    const target = path.join(folder, place);
    const fetching = new ArchiveDownload({ archiveOrigin: null }).fetch(archive, target, new AbortController().signal);
    const fault = await fetching.then(
      () => null,
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(WorkerFault);
    expect(fault).toMatchObject({ code: 'disk-failed', message: expect.stringContaining(code) });
    expect(String(fault)).toContain(target);
    expect(String(fault)).not.toContain('run-token-secret');
  });
});
