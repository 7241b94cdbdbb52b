import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findPython } from '@assay/sandbox/runtime/find-python';
import type { PythonModule } from '../python-source';
import { readPython } from './read-python';
import { ToolFailed } from './run-tool';

jest.setTimeout(120_000);

describe('the reader of Python', () => {
  let folder: string;
  let python: string;

  beforeAll(async () => {
    python = (await findPython()).executable;
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'assay-spec-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const signal = new AbortController().signal;

  async function read(files: Readonly<Record<string, string | Buffer>>): Promise<PythonModule[]> {
    for (const [file, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), content);
    }
    return readPython(python, folder, Object.keys(files), signal);
  }

  async function readOne(text: string | Buffer): Promise<PythonModule> {
    const [module] = await read({ 'a.py': text });
    if (!module) throw new Error('no module was read');
    return module;
  }

  it('resolves names through imports and aliases, and tells the own from the builtin', async () => {
    const module = await readOne(
      [
        'from django.utils.safestring import mark_safe as ms',
        'from .models import Book',
        'import builtins',
        'e = eval',
        'ms("x"); Book.objects.filter(a=1).first(); builtins.exec("1"); e("2"); print(3)',
        'def own(print):',
        '    print(4)',
        'def compile(x): ...',
        'compile(5)',
      ].join('\n'),
    );
    expect(module.calls.map((call) => call.target)).toEqual([
      'django.utils.safestring.mark_safe',
      '.models.Book.objects.filter().first',
      '.models.Book.objects.filter',
      'exec',
      'eval',
      'print',
      '.print',
      '.compile',
    ]);
  });

  it('sees no code in comments and strings', async () => {
    const module = await readOne('# eval("1")\nx = "eval(2)"\n"""\neval(3)\n"""\n');
    expect(module.calls).toEqual([]);
    expect(module.assignments.map(({ target, value }) => [target, value.kind])).toEqual([['x', 'text']]);
  });

  it('tells loops, contexts, statements, generators and handlers', async () => {
    const module = await readOne(
      [
        'def rows(items=[], *, size=5):',
        '    for item in load():',
        '        with lock(item) as held:',
        '            yield work(held)',
        '    try:',
        '        tidy()',
        '    except (OSError, KeyError):',
        '        pass',
        '    except Exception as error:',
        '        raise Other from error',
        '    except:',
        '        log([x.name() for x in first()])',
        'class A(Base):',
        '    DEBUG = not True',
      ].join('\n'),
    );
    const flags = module.calls.map(
      (call) =>
        `${call.callee}${call.inLoop ? ' loop' : ''}${call.isContext ? ' with' : ''}${call.isStatement ? ' statement' : ''}`,
    );
    expect(flags).toEqual(['load', 'lock loop with', 'work loop', 'tidy statement', 'log statement', 'x.name loop', 'first']);
    expect(module.functions[0]).toMatchObject({ path: 'rows', isGenerator: true, line: 1, endLine: 12 });
    expect(module.functions[0]?.parameters).toEqual([
      { name: 'items', kind: 'ordinary', default: { kind: 'list', items: [], line: 1 } },
      { name: 'size', kind: 'keyword-only', default: { kind: 'number', value: 5, line: 1 } },
    ]);
    expect(module.handlers.map(({ types, isSilent, raises }) => ({ types, isSilent, raises }))).toEqual([
      { types: ['OSError', 'KeyError'], isSilent: true, raises: false },
      { types: ['Exception'], isSilent: false, raises: true },
      { types: [], isSilent: false, raises: false },
    ]);
    expect(module.assignments[0]).toMatchObject({ target: 'DEBUG', scope: 'A', value: { kind: 'operation', operator: 'not' } });
  });

  it.each([
    ['a syntax error', 'def (:\n', 'syntax'],
    ['null bytes', 'x = 1\0\n', 'syntax'],
    ['bytes that are no UTF-8', Buffer.from([0x78, 0x3d, 0x27, 0xff, 0x27]), 'syntax'],
    ['an encoding that nobody knows', '# coding: klingon\n', 'syntax'],
    ['deep brackets', '['.repeat(50_000), 'too-deep'],
    ['deep operators', `x = ${'-'.repeat(200_000)}1\n`, 'too-deep'],
    ['a literal of 10 MB', `x = "${'a'.repeat(10 * 1024 * 1024)}"\n`, 'too-large'],
    ['a million calls', 'f()\n'.repeat(200_000), 'too-large'],
  ])('gives %s a problem and reads the next file', async (_what, text, kind) => {
    const modules = await read({ 'a.py': text, 'b.py': 'x = 1\n' });
    expect(modules.map((module) => [module.file, module.problem?.kind ?? null])).toEqual([
      ['a.py', kind],
      ['b.py', null],
    ]);
  });

  it('takes values that JSON has no word for', async () => {
    const module = await readOne(
      'a = 1e999\nb = 10**5\nc = 123456789012345678901234567890\nd = "\\ud800\\x00"\ne = b"\\xff"\nf = -2.5\n',
    );
    expect(module.assignments.map(({ value }) => value.kind)).toEqual(['other', 'operation', 'other', 'text', 'bytes', 'number']);
  });

  it('cuts what is nested too deeply for a value, not the file', async () => {
    const module = await readOne(`x = ${'['.repeat(60)}${']'.repeat(60)}\ny = a${'.b'.repeat(500)}\nz = 1\n`);
    expect(module.problem).toBeNull();
    expect(module.assignments.map(({ target }) => target)).toEqual(['x', 'y', 'z']);
    expect(JSON.stringify(module).length).toBeLessThan(5_000);
  });

  it('goes on behind files that end the parser, and gives up on a heap of them', async () => {
    // A stand-in for a Python whose parser crashes on such files: the program itself is the real one.
    const crashing = path.join(folder, 'python');
    const hook = 'import ast, os, signal; real = ast.parse';
    const parse =
      'def parse(text, **_):\\n    if b"CRASH" in text: os.kill(os.getpid(), signal.SIGSEGV)\\n    return real(text)\\n';
    const start = `${hook}\\n${parse}ast.parse = parse\\nexec(open(sys.argv[1]).read())`;
    await writeFile(crashing, `#!/bin/sh\nexec ${python} -I -c "$(printf '%b' 'import sys\\n${start}')" "$3"\n`, { mode: 0o755 });
    const files = { 'a.py': 'x = 1', 'b.py': 'CRASH', 'c.py': 'y = 2', 'd.py': 'CRASH', 'e.py': 'z = 3' };
    await read(files);
    const modules = await readPython(crashing, folder, Object.keys(files), signal);
    expect(modules.map(({ file, problem }) => [file, problem?.kind ?? null])).toEqual([
      ['a.py', null],
      ['b.py', 'not-analysed'],
      ['c.py', null],
      ['d.py', 'not-analysed'],
      ['e.py', null],
    ]);
  });

  it('reads through no link', async () => {
    await symlink('/etc/hostname', path.join(folder, 'a.py'));
    expect((await readPython(python, folder, ['a.py'], signal))[0]?.problem).toMatchObject({ kind: 'not-analysed' });
  });

  it('rejects when there is no such Python, and when it is aborted', async () => {
    await expect(readPython('/no/such/python', folder, ['a.py'], signal)).rejects.toBeInstanceOf(ToolFailed);
    await expect(readPython(python, folder, ['a.py'], AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
  });

  it('starts nothing for a project without Python', async () => {
    expect(await readPython('/no/such/python', folder, ['README.md'], signal)).toEqual([]);
  });
});
