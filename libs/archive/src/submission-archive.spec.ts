import { spawnSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { ArchiveError } from './archive-error';
import { type ArchiveLimits, SUBMISSION_LIMITS } from './archive-limits';
import {
  buildTarGz,
  buildTarGzBomb,
  buildTarGzOfManyFiles,
  buildZip,
  deflatedZeros,
  rawTarHeader,
  type TarEntry,
  type ZipEntry,
} from './evil-archives';
import { packFiles, packFolder } from './pack-folder';
import { inspectArchive, intakeFolder, unpackArchive } from './submission-archive';
import { survey } from './survey';
import { writeTree } from './write-tree';

const MEBIBYTE = 1024 * 1024;
let workDir: string;
let target: string;

beforeEach(() => {
  workDir = mkdtempSync(join(tmpdir(), 'assay-archive-'));
  target = join(workDir, 'private', 'submission');
});
afterEach(() => rmSync(workDir, { recursive: true, force: true }));

async function refusal(action: Promise<unknown>): Promise<ArchiveError> {
  const error = await action.then(
    () => new Error('was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ArchiveError)) throw error;
  return error;
}

/** Both ways into the product refuse, and nothing is left on disk. */
async function expectRefused(archive: Buffer, code: string, limits: ArchiveLimits = SUBMISSION_LIMITS): Promise<ArchiveError> {
  const error = await refusal(inspectArchive(archive, limits));
  expect(error.code).toBe(code);
  expect((await refusal(unpackArchive(archive, target, limits))).code).toBe(code);
  expect(() => statSync(target)).toThrow('ENOENT');
  return error;
}

const project: TarEntry[] = [
  { name: 'manage.py', content: 'print("manage")', mode: 0o4777 },
  { name: 'shop/', type: 'directory', mode: 0o700 },
  { name: 'shop/models.py', content: 'class Book: pass' },
];

describe('a good archive', () => {
  it('is unpacked with reset modes and the same content hash from tar.gz, zip and folder', async () => {
    const tarGz = await buildTarGz(project);
    const zip = buildZip(project.map(({ name, content }) => ({ name, content, mode: name.endsWith('/') ? 0o040777 : 0o106777 })));
    const unpacked = await unpackArchive(tarGz, target, SUBMISSION_LIMITS);

    expect(unpacked).toMatchObject({ kind: 'tar.gz', totalBytes: 31, root: null, folders: ['shop'] });
    expect(unpacked.files.map(({ path, bytes }) => ({ path, bytes }))).toEqual([
      { path: 'manage.py', bytes: 15 },
      { path: 'shop/models.py', bytes: 16 },
    ]);
    expect(readFileSync(join(target, 'shop/models.py'), 'utf8')).toBe('class Book: pass');
    expect(statSync(join(target, 'manage.py')).mode).toBe(0o100644);
    expect(statSync(join(target, 'shop')).mode).toBe(0o040755);
    expect(statSync(join(workDir, 'private')).mode).toBe(0o040700);

    const fromZip = await unpackArchive(zip, join(workDir, 'zip'), SUBMISSION_LIMITS);
    expect(fromZip).toEqual({ ...unpacked, kind: 'zip' });
    expect(readFileSync(join(workDir, 'zip/shop/models.py'), 'utf8')).toBe('class Book: pass');
    const fromFolder = await intakeFolder(target, join(workDir, 'copy'), SUBMISSION_LIMITS);
    expect(fromFolder.contentHash).toBe(unpacked.contentHash);
    expect(fromFolder.contentHash).toBe('00fcd4f5598be73a3c9a809e49e9f3dc78320a597a7a795945bdaf264e9c8518');
  });

  it('may come as a stream or a path, and its kind is told by its bytes', async () => {
    const tarGz = await buildTarGz(project);
    const path = join(workDir, 'project.zip');
    writeFileSync(path, tarGz);
    const expected = await inspectArchive(tarGz, SUBMISSION_LIMITS);
    expect(await inspectArchive(Readable.from([tarGz.subarray(0, 7), tarGz.subarray(7)]), SUBMISSION_LIMITS)).toEqual(expected);
    expect(await inspectArchive(path, SUBMISSION_LIMITS)).toEqual(expected);
  });

  it('may be written by the usual programs', async () => {
    const source = join(workDir, 'project');
    const longName = 'long'.repeat(40);
    mkdirSync(join(source, 'shop', longName), { recursive: true });
    writeFileSync(join(source, 'manage.py'), 'x');
    writeFileSync(join(source, 'shop', longName, 'Überraschung.py'), 'y');
    for (const format of ['gnu', 'pax']) {
      const file = join(workDir, `${format}.tar.gz`);
      expect(spawnSync('tar', ['-C', source, `--format=${format}`, '-czf', file, '.']).status).toBe(0);
      const { files } = await inspectArchive(file, SUBMISSION_LIMITS);
      expect(files.map((entry) => entry.path)).toEqual(['manage.py', `shop/${longName}/Überraschung.py`]);
    }
    const script = 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])';
    expect(spawnSync('python3', ['-c', script, join(workDir, 'python'), source]).status).toBe(0);
    const { files } = await inspectArchive(join(workDir, 'python.zip'), SUBMISSION_LIMITS);
    expect(files.map((entry) => entry.path)).toEqual(['manage.py', `shop/${longName}/Überraschung.py`]);
  });

  it('loses its single top folder when manage.py stands in it, and only then', async () => {
    const nested = project.map((entry) => ({ ...entry, name: `shop-main/${entry.name}` }));
    const archive = await buildTarGz([
      { name: 'shop-main/', type: 'directory' },
      ...nested,
      { name: '__MACOSX/x', content: 'x' },
    ]);
    const unpacked = await unpackArchive(archive, target, SUBMISSION_LIMITS);
    expect(unpacked.root).toBe('shop-main');
    expect(unpacked.contentHash).toBe((await inspectArchive(await buildTarGz(project), SUBMISSION_LIMITS)).contentHash);
    expect(readdirSync(target).sort()).toEqual(['manage.py', 'shop']);

    const beside = await inspectArchive(await buildTarGz([...nested, { name: 'README', content: 'x' }]), SUBMISSION_LIMITS);
    expect(beside).toMatchObject({ root: null });
    const without = await inspectArchive(await buildTarGz([{ name: 'shop-main/a.py', content: 'x' }]), SUBMISSION_LIMITS);
    expect(without.files[0]?.path).toBe('shop-main/a.py');
  });

  it('loses its junk, links in a virtual environment included', async () => {
    const junk: TarEntry[] = [
      { name: '.git/config', content: 'x' },
      { name: 'shop/__pycache__/models.pyc', content: 'x' },
      { name: '.venv/bin/python', type: 'symlink', linkname: '/usr/bin/python3' },
      { name: 'web/node_modules/a.js', content: 'x' },
      { name: 'shop/.DS_Store', content: 'x' },
      { name: '._manage.py', content: 'x' },
    ];
    const { files } = await unpackArchive(await buildTarGz([...project, ...junk]), target, SUBMISSION_LIMITS);
    expect(files.map((file) => file.path)).toEqual(['manage.py', 'shop/models.py']);
    expect(readdirSync(target).sort()).toEqual(['manage.py', 'shop']);
    expect(readdirSync(join(target, 'shop'))).toEqual(['models.py']);
  });
});

describe('a hostile entry, in tar.gz and zip alike', () => {
  const names: [string, string][] = [
    ['../evil.py', 'path-traversal'],
    ['shop/../../evil.py', 'path-traversal'],
    ['.venv/../../evil.py', 'path-traversal'],
    ['..', 'path-traversal'],
    ['/etc/passwd', 'path-absolute'],
    ['C:/windows/evil.py', 'path-absolute'],
    ['shop\\evil.py', 'path-backslash'],
    ['shop/ev\nil.py', 'path-control-character'],
    ['shop/ev\u202eil.py', 'path-control-character'],
    ['shop//evil.py', 'path-empty'],
    ['shop/./evil.py', 'path-empty'],
    [`${'d/'.repeat(20)}evil.py`, 'path-too-deep'],
    [`${'n'.repeat(256)}`, 'name-too-long'],
    [`${`${'n'.repeat(200)}/`.repeat(6)}evil.py`, 'path-too-long'],
    ['Shop/models.py', 'case-collision'],
    ['SHOP/other.py', 'case-collision'],
    ['shop/models.py', 'duplicate-entry'],
    ['shop', 'file-folder-conflict'],
    ['manage.py/evil.py', 'file-folder-conflict'],
  ];
  it.each(names)('named %j is refused as %s', async (name, code) => {
    await expectRefused(await buildTarGz([...project, { name, content: 'evil' }]), code);
    await expectRefused(
      buildZip([...(project as ZipEntry[]).map(({ name, content }) => ({ name, content })), { name, content: 'x' }]),
      code,
    );
  });

  it('whose name is not UTF-8 is refused', async () => {
    const name = Buffer.from([0x63, 0x61, 0x66, 0xe9]);
    await expectRefused(gzipSync(Buffer.concat([rawTarHeader(name, 0), Buffer.alloc(1024)])), 'path-not-utf8');
    await expectRefused(buildZip([{ name, content: 'x' }]), 'path-not-utf8');
  });

  it('without a name is refused', async () => {
    await expectRefused(gzipSync(Buffer.concat([rawTarHeader('', 0), Buffer.alloc(1024)])), 'path-empty');
    await expectRefused(buildZip([{ name: '', content: 'x' }]), 'path-empty');
  });

  it.each([
    ['1', 'link-entry'],
    ['2', 'link-entry'],
    ['3', 'special-entry'],
    ['4', 'special-entry'],
    ['6', 'special-entry'],
    ['7', 'special-entry'],
    ['S', 'special-entry'],
    ['V', 'special-entry'],
  ])('of tar type %s is refused as %s', async (typeflag, code) => {
    const header = rawTarHeader('passwd', 0, typeflag, '/etc/passwd');
    const error = await expectRefused(gzipSync(Buffer.concat([header, Buffer.alloc(1024)])), code);
    expect(error.entry).toBe('"passwd"');
    expect(error.message).toMatch(/archive again\.$/);
  });

  it.each([
    [0o120777, 'link-entry'],
    [0o020666, 'special-entry'],
    [0o060666, 'special-entry'],
    [0o010666, 'special-entry'],
    [0o140666, 'special-entry'],
    [0o040755, 'special-entry'],
  ])('of zip mode %o is refused as %s', async (mode, code) => {
    await expectRefused(buildZip([{ name: 'passwd', content: '/etc/passwd', mode }]), code);
  });
});

describe('an archive beyond the limits', () => {
  it('of 10 GB of zeros is refused after little reading, in tar.gz and zip', async () => {
    const bomb = buildTarGzBomb(10_000_000_000);
    expect(bomb.length).toBeLessThan(SUBMISSION_LIMITS.archiveBytes);
    await expectRefused(bomb, 'file-too-large');
    const deflated = deflatedZeros(4_000_000_000);
    const bytes = 4_000_000_000;
    await expectRefused(buildZip([{ name: 'zeros', deflated, claims: { bytes }, localHeaderLiesToo: true }]), 'file-too-large');
    // The same data behind a small announced size: inflating stops at that size.
    await expectRefused(
      buildZip([{ name: 'zeros', deflated, claims: { bytes: 9 }, localHeaderLiesToo: true }]),
      'archive-inconsistent',
    );
  });

  it('of endless padding or extended headers is refused', async () => {
    const zeros = buildTarGzBomb(1_000_000_000).subarray(gzipSync(rawTarHeader('zeros.bin', 0)).length + 2);
    const padding = Buffer.concat([
      gzipSync(rawTarHeader('a.py', 0)),
      zeros.subarray(zeros.indexOf(Buffer.from([0x1f, 0x8b, 0x08]))),
    ]);
    await expectRefused(padding, 'contents-too-large');
    await expectRefused(
      gzipSync(Buffer.concat([rawTarHeader('x', 5 * MEBIBYTE, 'x'), Buffer.alloc(5 * MEBIBYTE)])),
      'archive-corrupt',
    );
  });

  it('of 100,000 files is refused, in tar.gz and zip', async () => {
    await expectRefused(buildTarGzOfManyFiles(100_000), 'too-many-files');
    const entries = [...Array(65_000).keys()].map((index) => ({ name: `f${index}`, content: '' }));
    await expectRefused(buildZip(entries), 'too-many-files');
    await expectRefused(buildZip(entries.slice(0, 2_001)), 'too-many-files');
  });

  it('is refused for each sum, junk included', async () => {
    const archive = await buildTarGz([
      { name: 'a', content: 'x'.repeat(600) },
      { name: '.git/b', content: 'y'.repeat(600) },
    ]);
    const limits = SUBMISSION_LIMITS;
    await expectRefused(archive, 'too-many-files', { ...limits, files: 1 });
    await expectRefused(archive, 'contents-too-large', { ...limits, totalBytes: 1_199 });
    await expectRefused(archive, 'file-too-large', { ...limits, fileBytes: 599 });
    await expectRefused(archive, 'expansion-too-high', { ...limits, freeExpansionBytes: 0, expansionRatio: 2 });
    await expectRefused(archive, 'archive-too-large', { ...limits, archiveBytes: archive.length - 1 });
    await expectRefused(await buildTarGz([{ name: 'a/b/c', content: 'x' }]), 'too-many-folders', { ...limits, folders: 1 });
    await expectRefused(buildZip([{ name: 'a', content: 'x' }, { name: 'b/' }, { name: 'c/' }]), 'too-many-folders', {
      ...limits,
      folders: 1,
    });
    await inspectArchive(archive, { ...limits, files: 2, totalBytes: 1_200, fileBytes: 600, archiveBytes: archive.length });
  });

  it('is refused for its ratio of expansion', async () => {
    await expectRefused(await buildTarGz([{ name: 'zeros', content: Buffer.alloc(8 * MEBIBYTE) }]), 'expansion-too-high');
    await expectRefused(buildZip([{ name: 'zeros', content: Buffer.alloc(8 * MEBIBYTE) }]), 'expansion-too-high');
  });

  it('is not read on when a stream is too long', async () => {
    let sent = 0;
    const endless = new Readable({
      read() {
        sent += MEBIBYTE;
        this.push(Buffer.alloc(MEBIBYTE));
      },
    });
    expect((await refusal(inspectArchive(endless, SUBMISSION_LIMITS))).code).toBe('archive-too-large');
    expect(endless.destroyed).toBe(true);
    expect(sent).toBeLessThan(13 * MEBIBYTE);
  });
});

describe('a broken archive', () => {
  it('is refused when it is no archive, with a hint for a bare tar', async () => {
    await expectRefused(Buffer.from('%PDF-1.7'), 'not-an-archive');
    await expectRefused(Buffer.alloc(0), 'not-an-archive');
    const error = await expectRefused(Buffer.concat([rawTarHeader('a', 0), Buffer.alloc(1024)]), 'not-an-archive');
    expect(error.message).toContain('gzip');
  });

  it('is refused when it is cut off, garbled or empty', async () => {
    const tarGz = await buildTarGz([
      ...project,
      { name: 'noise', content: Buffer.from([...Array(9_000).keys()].map((n) => (n * n) >> 3)) },
    ]);
    await expectRefused(tarGz.subarray(0, tarGz.length - 20), 'archive-corrupt');
    await expectRefused(Buffer.concat([tarGz.subarray(0, 40), Buffer.alloc(60, 7), tarGz.subarray(100)]), 'archive-corrupt');
    await expectRefused(gzipSync(Buffer.alloc(2_000, 'not a tar')), 'archive-corrupt');
    await expectRefused(gzipSync(Buffer.concat([rawTarHeader('cut.py', 900), Buffer.alloc(300)])), 'archive-corrupt');
    const zip = buildZip(project as ZipEntry[]);
    await expectRefused(zip.subarray(0, zip.length - 10), 'archive-corrupt');
    await expectRefused(
      buildZip([{ name: 'a', deflated: Buffer.from('garbage'), claims: { bytes: 3 }, localHeaderLiesToo: true }]),
      'archive-corrupt',
    );
    await expectRefused(await buildTarGz([]), 'archive-empty');
    await expectRefused(buildZip([]), 'archive-empty');
    await expectRefused(
      await buildTarGz([
        { name: './', type: 'directory' },
        { name: '.git/x', content: 'x' },
      ]),
      'archive-empty',
    );
  });

  it('is refused when a folder has content', async () => {
    await expectRefused(gzipSync(Buffer.concat([rawTarHeader('a/', 512, '5'), Buffer.alloc(1536)])), 'archive-inconsistent');
    await expectRefused(gzipSync(Buffer.concat([rawTarHeader('a/', 512, '0'), Buffer.alloc(1536)])), 'archive-inconsistent');
    await expectRefused(buildZip([{ name: 'a/', content: 'x' }]), 'archive-inconsistent');
  });

  const content = 'print(1)';
  const lies: [string, ZipEntry[]][] = [
    ['a smaller size', [{ name: 'a', content, claims: { bytes: 3 } }]],
    ['a smaller size in both headers', [{ name: 'a', content, claims: { bytes: 3 }, localHeaderLiesToo: true }]],
    ['a larger size in both headers', [{ name: 'a', content, claims: { bytes: 30 }, localHeaderLiesToo: true }]],
    ['another name', [{ name: 'safe.py', content, claims: { name: 'evil.py' } }]],
    ['another checksum', [{ name: 'a', content, claims: { crc32: 1 } }]],
    ['another checksum in both headers', [{ name: 'a', content, claims: { crc32: 1 }, localHeaderLiesToo: true }]],
    [
      'the data of another entry',
      [
        { name: 'a', content },
        { name: 'a', content, claims: { offset: 0 } },
      ],
    ],
  ];
  it.each(lies)('is refused when its central directory claims %s', async (_what, entries) => {
    await expectRefused(buildZip(entries), 'archive-inconsistent');
  });

  it('is refused when fewer or more entries are claimed than there are, or data beyond the end', async () => {
    await expectRefused(
      buildZip(
        [
          { name: 'a', content },
          { name: 'b', content },
        ],
        1,
      ),
      'archive-inconsistent',
    );
    await expectRefused(buildZip([{ name: 'a', content }], 2), 'archive-corrupt');
    const beyond = { bytes: 8, compressedBytes: 100_000 };
    await expectRefused(buildZip([{ name: 'a', content, claims: beyond, localHeaderLiesToo: true }]), 'archive-corrupt');
  });

  it('is refused when encrypted or compressed in a rare way', async () => {
    await expectRefused(buildZip([{ name: 'a', content, flags: 1 }]), 'archive-encrypted');
    await expectRefused(buildZip([{ name: 'a', content, method: 12 }]), 'unsupported-compression');
  });
});

describe('a local folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = join(workDir, 'project');
    mkdirSync(join(folder, 'shop'), { recursive: true });
    writeFileSync(join(folder, 'manage.py'), 'x', { mode: 0o777 });
    writeFileSync(join(folder, 'shop', 'models.py'), 'y');
  });

  it('is copied without junk, and hard links become copies', async () => {
    mkdirSync(join(folder, '.venv', 'bin'), { recursive: true });
    symlinkSync('/usr/bin/python3', join(folder, '.venv', 'bin', 'python'));
    linkSync(join(folder, 'manage.py'), join(folder, 'again.py'));
    const { files } = await intakeFolder(folder, target, SUBMISSION_LIMITS);
    expect(files.map((file) => file.path)).toEqual(['again.py', 'manage.py', 'shop/models.py']);
    expect(statSync(join(target, 'again.py'))).toMatchObject({ nlink: 1, mode: 0o100644 });
    expect(readdirSync(target).sort()).toEqual(['again.py', 'manage.py', 'shop']);
  });

  it('is refused for links, sockets, FIFOs and sizes, leaving nothing behind', async () => {
    symlinkSync('/etc/passwd', join(folder, 'passwd'));
    expect((await refusal(intakeFolder(folder, target, SUBMISSION_LIMITS))).code).toBe('link-entry');
    expect((await refusal(packFolder(folder))).code).toBe('link-entry');
    rmSync(join(folder, 'passwd'));
    spawnSync('mkfifo', [join(folder, 'fifo')]);
    expect((await refusal(intakeFolder(folder, target, SUBMISSION_LIMITS))).code).toBe('special-entry');
    rmSync(join(folder, 'fifo'));
    const server = createServer().listen(join(folder, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect((await refusal(intakeFolder(folder, target, SUBMISSION_LIMITS))).code).toBe('special-entry');
    await new Promise((resolve) => server.close(resolve));
    expect((await refusal(intakeFolder(folder, target, { ...SUBMISSION_LIMITS, totalBytes: 1 }))).code).toBe(
      'contents-too-large',
    );
    expect(() => statSync(target)).toThrow('ENOENT');
  });

  it('is refused when it is missing, a file, or the target exists', async () => {
    expect((await refusal(intakeFolder(join(workDir, 'nowhere'), target, SUBMISSION_LIMITS))).code).toBe('source-unreadable');
    expect((await refusal(intakeFolder(join(folder, 'manage.py'), target, SUBMISSION_LIMITS))).code).toBe('source-unreadable');
    expect((await refusal(inspectArchive(join(workDir, 'nowhere'), SUBMISSION_LIMITS))).code).toBe('source-unreadable');
    expect((await refusal(inspectArchive(folder, SUBMISSION_LIMITS))).code).toBe('source-unreadable');
    symlinkSync(folder, join(workDir, 'link'));
    expect((await refusal(intakeFolder(folder, join(workDir, 'link'), SUBMISSION_LIMITS))).code).toBe('target-exists');
    expect(readFileSync(join(folder, 'manage.py'), 'utf8')).toBe('x');
  });

  it('that changes while it is read leaves nothing behind', async () => {
    const entry = (name: string, text: string) =>
      ({
        name,
        kind: 'file',
        bytes: 1,
        content: async function* () {
          yield Buffer.from(text);
        },
      }) as const;
    let reading = 0;
    const source = async function* () {
      reading += 1;
      yield entry('a.py', 'a');
      yield entry('b.py', reading === 1 ? 'b' : 'c');
    };
    const plan = await survey(source, SUBMISSION_LIMITS, null);
    expect((await refusal(writeTree(source, plan, target, SUBMISSION_LIMITS, null))).code).toBe('changed-while-reading');
    expect(() => statSync(target)).toThrow('ENOENT');
  });

  it('gets its modes whatever the umask', async () => {
    const umask = process.umask(0o077);
    try {
      await intakeFolder(folder, target, SUBMISSION_LIMITS);
    } finally {
      process.umask(umask);
    }
    const modes = ['', 'shop', 'shop/models.py'].map((name) => statSync(join(target, name)).mode & 0o777);
    expect(modes).toEqual([0o755, 0o755, 0o644]);
  });

  it('is packed to the same bytes whatever the order and times, and comes back the same', async () => {
    const packed = await packFolder(folder);
    const again = await packFiles([
      { path: 'shop/models.py', content: Buffer.from('y') },
      { path: 'manage.py', content: Buffer.from('x') },
    ]);
    expect(packed.equals(again)).toBe(true);
    const unpacked = await unpackArchive(packed, target, SUBMISSION_LIMITS);
    expect(unpacked.contentHash).toBe((await intakeFolder(folder, join(workDir, 'copy'), SUBMISSION_LIMITS)).contentHash);
    expect((await inspectArchive(await packFolder(folder, 'bookshop'), SUBMISSION_LIMITS)).root).toBe('bookshop');
  });
});
