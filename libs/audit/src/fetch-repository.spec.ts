import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CLEAN_PROJECT, writeTree } from '../fixtures/audited-tree';
import { fetchRepository, RepositoryUnavailable, repositoryAddress } from './fetch-repository';

jest.setTimeout(60_000);

/** Real git, repositories on this machine. */
describe('fetching a repository', () => {
  let source: string;
  let scratch: string;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', source, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { encoding: 'utf8' });
  const options = () => ({ searchPath: process.env.PATH ?? '', signal: new AbortController().signal });
  const fetched = (): Promise<string> =>
    fetchRepository({ url: source, shown: 'source' }, path.join(scratch, 'target'), options());

  beforeEach(async () => {
    source = await writeTree(CLEAN_PROJECT);
    scratch = await mkdtemp(path.join(os.tmpdir(), 'assay-audit-spec-'));
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
  });
  afterEach(async () => {
    await rm(source, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
  });

  it('brings the newest commit and tells it', async () => {
    expect(await fetched()).toBe(git('rev-parse', 'HEAD').trim());
    expect(await readFile(path.join(scratch, 'target', 'manage.py'), 'utf8')).toBe(CLEAN_PROJECT['manage.py']);
  });

  it('runs no hook or filter, follows no link, fetches no submodule', async () => {
    const proof = path.join(scratch, 'ran');
    await writeFile(path.join(source, '.gitattributes'), '* filter=evil\n*.bin filter=lfs\n');
    await writeFile(path.join(source, '.gitmodules'), `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch ${proof}"\n`);
    await writeFile(path.join(source, 'large.bin'), 'version https://git-lfs.github.com/spec/v1\n');
    await symlink('/etc/passwd', path.join(source, 'link'));
    git('add', '.');
    git('commit', '--quiet', '-m', 'second');
    git('config', 'filter.evil.smudge', `touch ${proof}`);
    await writeFile(path.join(source, '.git', 'hooks', 'post-upload-pack'), `#!/bin/sh\ntouch ${proof}\n`, { mode: 0o755 });
    await fetched();
    expect(existsSync(proof)).toBe(false);
    expect(lstatSync(path.join(scratch, 'target', 'link')).isSymbolicLink()).toBe(false);
  });

  it('says in one line why a repository cannot be had', async () => {
    await rm(path.join(source, '.git'), { recursive: true });
    const failure = await fetched().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RepositoryUnavailable);
    expect(String(failure)).not.toContain('\n');
  });

  it('unpacks no bomb: a folder that is in it a million times, a file of zeros', async () => {
    const object = (type: string, input: Buffer): string =>
      execFileSync('git', ['-C', source, 'hash-object', '-t', type, '-w', '--stdin'], { input, encoding: 'utf8' }).trim();
    const tree = (mode: string, id: string): string => {
      const entry = (n: number) => Buffer.concat([Buffer.from(`${mode} f${n}\0`), Buffer.from(id, 'hex')]);
      return object('tree', Buffer.concat(Array.from({ length: 10 }, (_, n) => entry(n))));
    };
    let top = tree('100644', object('blob', Buffer.from('print()\n')));
    for (let level = 0; level < 6; level += 1) top = tree('40000', top);
    const commit = (id: string): void => void git('update-ref', 'HEAD', git('commit-tree', '-m', 'bomb', id).trim());
    commit(top);
    await expect(fetched()).rejects.toThrow('more than 200000 files');
    await rm(path.join(scratch, 'target'), { recursive: true });
    commit(tree('100644', object('blob', Buffer.alloc(120 * 1024 * 1024))));
    await expect(fetched()).rejects.toThrow('larger than 1024 MiB');
    expect(readdirSync(path.join(scratch, 'target'))).toEqual(['.git']);
  });

  it('tells nothing but one line of plain text of what git says', async () => {
    const target = path.join(scratch, 'target');
    const url = 'https://name:secret@127.0.0.1:1/x\u001b[2J';
    const failure = String(await fetchRepository({ url, shown: '' }, target, options()).catch((error: unknown) => error));
    expect(failure).toContain('127.0.0.1');
    expect(failure).not.toMatch(/secret|\p{Cc}/u);
  });

  it('ends when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    const target = path.join(scratch, 'target');
    await expect(fetchRepository({ url: source, shown: '' }, target, { searchPath: '', signal })).rejects.toThrow('cancelled');
  });

  it.each([
    'ext::sh -c id',
    'ssh://git@example.org/a',
    'git://example.org/a',
    'http://example.org/a',
    'file:///etc',
    '--upload-pack=id',
    'https://',
  ])('refuses %s', (text) => expect(repositoryAddress(text)).toBeNull());

  it('shows no credentials', () => {
    expect(repositoryAddress('https://user:token@example.org/a.git?x=1#y')).toEqual({
      url: 'https://user:token@example.org/a.git?x=1',
      shown: 'https://example.org/a.git',
    });
  });
});
