import { chmod, lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip, createInflateRaw, gzipSync } from 'node:zlib';
import {
  buildTarGz,
  buildTarGzBomb,
  buildTarGzOfManyFiles,
  buildZip,
  deflatedZeros,
  rawTarHeader,
  type TarEntry,
} from '@assay/archive/evil-archives';
import type { Attack } from '../attack';
import { archiveAttack, entry, inflates, isPowerless, MIB, notPlain, opensTreasure, writtenOutside } from './archive-attack';

const tarGz = (...entries: readonly TarEntry[]) => buildTarGz([{ name: 'manage.py', content: '' }, ...entries]);
/** An entry of raw blocks: header, content padded to whole blocks. */
const block = (header: Buffer, content: Buffer): Buffer =>
  Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
const END = Buffer.alloc(1024);

/** A record of a PAX extended header: its own length, key and value. */
function pax(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length += 1;
  return Buffer.from(`${length}${rest}`);
}

const OUTSIDE = 'A file outside the folder of the submission is written.';
const READ = 'A path in the submission leads to a file outside of it.';
const SPECIAL = 'Something is unpacked that is neither a plain file nor a folder.';
const CONFUSION = 'What was inspected is not what is unpacked, or differs from machine to machine.';
const FULL = 'More is unpacked than a submission may have.';

export const archiveAttacks: readonly Attack[] = [
  archiveAttack({
    id: 'archive-parent-folders',
    title: '`..` in a path',
    breach: OUTSIDE,
    archive: () => tarGz({ name: '../../outside/written', content: 'x' }),
    wrong: writtenOutside,
  }),
  archiveAttack({
    id: 'archive-absolute-path',
    title: 'An absolute path',
    breach: OUTSIDE,
    archive: ({ outside }) => tarGz({ name: `${outside}/written`, content: 'x' }),
    wrong: writtenOutside,
  }),
  archiveAttack({
    id: 'archive-pax-path',
    title: 'A harmless name that an extended header replaces',
    breach: OUTSIDE,
    archive: () => {
      const record = pax('path', '../../outside/written');
      return gzipSync(
        Buffer.concat([
          block(rawTarHeader('PaxHeader', record.length, 'x'), record),
          block(rawTarHeader('ok.py', 1), Buffer.from('x')),
          END,
        ]),
      );
    },
    wrong: writtenOutside,
  }),
  archiveAttack({
    id: 'archive-gnu-long-name',
    title: 'A harmless name that a GNU long name replaces',
    breach: OUTSIDE,
    archive: () => {
      const name = Buffer.from('../../outside/written\0');
      return gzipSync(
        Buffer.concat([
          block(rawTarHeader('././@LongLink', name.length, 'L'), name),
          block(rawTarHeader('ok.py', 1), Buffer.from('x')),
          END,
        ]),
      );
    },
    wrong: writtenOutside,
  }),
  archiveAttack({
    id: 'archive-folder-behind-link',
    title: 'A file in a folder that is a symbolic link',
    breach: OUTSIDE,
    archive: ({ outside }) => tarGz({ name: 'd', type: 'symlink', linkname: outside }, { name: 'd/written', content: 'x' }),
    wrong: writtenOutside,
  }),
  archiveAttack({
    id: 'archive-file-over-link',
    title: 'A file over a link to another file',
    breach: OUTSIDE,
    archive: ({ outside }) => tarGz({ name: 'd', type: 'symlink', linkname: outside }, { name: 'd/treasure', content: 'lead' }),
    wrong: writtenOutside,
  }),
  archiveAttack({
    id: 'archive-symbolic-link',
    title: 'A symbolic link to a file outside',
    breach: READ,
    archive: ({ outside }) => tarGz({ name: 'settings.py', type: 'symlink', linkname: `${outside}/treasure` }),
    wrong: opensTreasure,
  }),
  archiveAttack({
    id: 'archive-hard-link',
    title: 'A hard link to a file outside',
    breach: READ,
    archive: ({ outside }) => tarGz({ name: 'settings.py', type: 'link', linkname: `${outside}/treasure` }),
    wrong: opensTreasure,
  }),
  archiveAttack({
    id: 'archive-zip-link',
    title: 'A symbolic link in a zip',
    breach: READ,
    archive: ({ outside }) =>
      buildZip([
        { name: 'manage.py', content: '' },
        { name: 'settings.py', content: `${outside}/treasure`, mode: 0o120777 },
      ]),
    wrong: opensTreasure,
    // Python's own module makes no links; Info-ZIP and others go by the mode that is kept for them.
    careless: async (archive) => {
      const at = archive.indexOf('settings.py', archive.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))) - 46;
      const mode = archive.readUInt32LE(archive.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 38) >>> 16;
      return {
        breached: at > 0 && (mode & 0o170000) === 0o120000,
        seen: `a program that goes by the mode (${mode.toString(8)}) makes a link`,
      };
    },
  }),
  archiveAttack({
    id: 'archive-fifo',
    title: 'A FIFO, which whoever reads it waits for',
    breach: SPECIAL,
    archive: () => tarGz({ name: 'settings.py', type: 'fifo' }),
    wrong: notPlain,
  }),
  archiveAttack({
    id: 'archive-device',
    title: 'A device',
    breach: SPECIAL,
    archive: () => tarGz({ name: 'zero', type: 'character-device', devmajor: 1, devminor: 5 }),
    wrong: async (place) =>
      (await notPlain(place)) ?? ((await isPowerless(place)) ? 'nothing, but only for want of rights' : null),
  }),
  archiveAttack({
    id: 'archive-setuid',
    title: 'A program that runs as its owner',
    breach: 'A file is unpacked with a mode that gives rights.',
    archive: () => tarGz({ name: 'su', content: '#!/bin/sh\n', mode: 0o6755 }),
    wrong: entry('a file with the mode to run as its owner', async (file) => ((await lstat(file)).mode & 0o6000) !== 0),
  }),
  archiveAttack({
    id: 'archive-closed-folder',
    title: 'A folder that nobody may enter',
    breach: 'A folder is unpacked that a judge without root could not read or remove.',
    archive: () => tarGz({ name: 'closed/', type: 'directory', mode: 0o001 }),
    wrong: async ({ target }) => {
      const folder = path.join(target, 'closed');
      const info = await lstat(folder).catch(() => null);
      if (info === null || (info.mode & 0o700) !== 0) return null;
      // Whoever is not root could not remove it otherwise.
      await chmod(folder, 0o700);
      return 'a folder that nobody may enter';
    },
  }),
  archiveAttack({
    id: 'archive-same-name-twice',
    title: 'Two files of one name',
    breach: CONFUSION,
    archive: () => tarGz({ name: 'a.py', content: 'harmless' }, { name: 'a.py', content: 'harmful' }),
    wrong: async ({ target }) => {
      const text = await readFile(path.join(target, 'a.py'), 'utf8').catch(() => '');
      return text === 'harmful' ? 'the second of two files in place of the first, without a word' : null;
    },
  }),
  archiveAttack({
    id: 'archive-names-in-two-cases',
    title: 'Names that differ in case or in how letters are written only',
    breach: CONFUSION,
    archive: () =>
      tarGz(
        { name: 'a.py', content: '1' },
        { name: 'A.py', content: '2' },
        { name: 'caf\u00e9.py', content: '' },
        { name: 'cafe\u0301.py', content: '' },
      ),
    wrong: async ({ target }) => {
      const names = (await readdir(target).catch(() => [])).map((name) => name.normalize('NFC').toLowerCase());
      return new Set(names).size < names.length ? 'names that are one on other machines' : null;
    },
  }),
  archiveAttack({
    id: 'archive-control-characters',
    title: 'Line breaks and terminal commands in a name',
    breach: 'A name that forges lines of a log or commands a terminal is unpacked.',
    archive: () => tarGz({ name: 'a\nb\u001b[31m.py', content: '' }),
    wrong: entry('a name with control characters', async (file) => /\p{Cc}/u.test(file)),
  }),
  archiveAttack({
    id: 'archive-deep-folders',
    title: 'Two hundred folders in each other',
    breach: FULL,
    archive: () => tarGz({ name: `${'d/'.repeat(200)}f.py`, content: '' }),
    wrong: entry('folders in each other', async (file) => file.split('/').length > 100),
  }),
  archiveAttack({
    id: 'archive-many-files',
    title: '5,000 files',
    breach: FULL,
    archive: () => buildTarGzOfManyFiles(5_000),
    wrong: async ({ target }) => {
      const count = (await readdir(target).catch(() => [])).length;
      return count > 2_100 ? `${count} files` : null;
    },
  }),
  archiveAttack({
    id: 'archive-bomb',
    title: '10 GB of zeros in a tar.gz',
    breach: FULL,
    archive: () => buildTarGzBomb(10_000_000_000),
    wrong: entry('an immense file', async (file) => (await lstat(file)).size > 64 * MIB),
    careless: inflates(createGunzip, 256 * MIB),
  }),
  archiveAttack({
    id: 'archive-zip-bomb',
    title: '4 GB of zeros in a zip that claims to hold a few bytes',
    breach: FULL,
    archive: () =>
      buildZip([{ name: 'manage.py', deflated: deflatedZeros(4_000_000_000), claims: { bytes: 100 }, localHeaderLiesToo: true }]),
    wrong: entry('an immense file', async (file) => (await lstat(file)).size > 64 * MIB),
    careless: async (archive) => inflates(createInflateRaw, 256 * MIB)(archive.subarray(30 + 'manage.py'.length)),
  }),
  archiveAttack({
    id: 'archive-sparse-file',
    title: 'A file of 4 GiB of holes',
    breach: FULL,
    archive: () => {
      const header = rawTarHeader('holes.bin', 0, 'S');
      const size = `${(4096 * MIB).toString(8)}\0`;
      // GNU's own format (tar manual, "Storing Sparse Files"): one piece of no bytes at the end, and the real size.
      header.write('ustar  \0', 257, 'latin1');
      header.fill(0, 345, 512);
      header.write(size, 386);
      header.write(`${'0'.repeat(11)}\0`, 398);
      header.write(size, 483);
      header.write(' '.repeat(8), 148);
      const sum = header.reduce((total, byte) => total + byte, 0);
      header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
      return gzipSync(Buffer.concat([header, END]));
    },
    wrong: entry('an immense file', async (file) => (await lstat(file)).size > 64 * MIB),
  }),
  archiveAttack({
    id: 'archive-names-that-differ',
    title: 'A zip whose directory names another file than the one that is there',
    breach: CONFUSION,
    archive: () =>
      buildZip([
        { name: 'manage.py', content: '' },
        { name: 'evil.py', content: 'evil', claims: { name: 'good.py' } },
      ]),
    wrong: entry('a file under a name that only the directory tells', async (file) => file.endsWith('good.py')),
    careless: async (archive) => {
      const [local, central] = [archive.indexOf('evil.py'), archive.indexOf('good.py')];
      return { breached: local > 0 && central > local, seen: 'one program unpacks evil.py, another good.py' };
    },
  }),
];
