import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** Test material: archives, good and hostile, built byte by byte. Nothing of the product imports this file. */

export type TarEntry = Partial<Header> & { readonly name: string; readonly content?: string | Buffer };

/** A .tar.gz with exactly these entries, in this order, unjudged. */
export async function buildTarGz(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...header } of entries) archive.entry(header, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

/** A .tar.gz with one file of zeros. Its few distinct gzip members are repeated, so 10 GB are made in no time. */
export function buildTarGzBomb(bytes: number): Buffer {
  const pieceBytes = 16 * 1024 * 1024;
  const member = gzipSync(Buffer.alloc(pieceBytes), { level: constants.Z_BEST_COMPRESSION });
  const pieces = Math.ceil(bytes / pieceBytes);
  return Buffer.concat([gzipSync(rawTarHeader('zeros.bin', pieces * pieceBytes)), ...Array<Buffer>(pieces).fill(member)]);
}

/** A .tar.gz that holds nothing but `count` empty files. */
export function buildTarGzOfManyFiles(count: number): Buffer {
  return gzipSync(
    Buffer.concat([...Array(count).keys()].map((index) => rawTarHeader(`f${index}`, 0)).concat(Buffer.alloc(1024))),
  );
}

/** A ustar header (POSIX.1-2017 `pax`, "ustar Interchange Format"); `name` as bytes or text. */
export function rawTarHeader(name: string | Buffer, bytes: number, typeflag = '0', linkname = ''): Buffer {
  const header = Buffer.alloc(512);
  header.set(Buffer.from(name as string), 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  if (bytes < 8 ** 11) {
    header.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  } else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(bytes), 128);
  }
  header.write('00000000000\0', 136);
  header.write(' '.repeat(8), 148);
  header.write(typeflag, 156);
  header.write(linkname, 157);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

export interface ZipEntry {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  /** Unix mode with the file type, as Info-ZIP stores it; 0 when the archive comes from another system. */
  readonly mode?: number;
  /** Compressed data used instead of the deflated content. */
  readonly deflated?: Buffer;
  /** What the central directory claims, where it differs from the truth. */
  readonly claims?: { bytes?: number; crc32?: number; name?: string; offset?: number; compressedBytes?: number };
  /** Whether the local header repeats the claims (bytes, crc32) or tells the truth. */
  readonly localHeaderLiesToo?: boolean;
  readonly flags?: number;
  readonly method?: number;
}

/** A .zip with exactly these entries (APPNOTE.TXT sections 4.3.7, 4.3.12 and 4.3.16), unjudged. */
export function buildZip(entries: readonly ZipEntry[], claimedEntries = entries.length): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from((entry.content ?? '') as string);
    const data = entry.deflated ?? deflateRawSync(content);
    const truth = { bytes: content.length, crc32: crc32(content), compressedBytes: data.length };
    const claims = { ...truth, offset, ...entry.claims };
    const local = localHeader(entry, entry.localHeaderLiesToo ? { ...truth, ...entry.claims } : truth);
    locals.push(local, data);
    centrals.push(centralHeader(entry, claims));
    offset += local.length + data.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(claimedEntries, 8);
  end.writeUInt16LE(claimedEntries, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

/** Raw deflate data that inflates to `bytes` zeros, of repeated blocks, so that 4 GB are made in no time. */
export function deflatedZeros(bytes: number): Buffer {
  const pieceBytes = 16 * 1024 * 1024;
  const piece = deflateRawSync(Buffer.alloc(pieceBytes), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array<Buffer>(Math.ceil(bytes / pieceBytes)).fill(piece), deflateRawSync(Buffer.alloc(0))]);
}

interface Sizes {
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly crc32: number;
}

function localHeader(entry: ZipEntry, sizes: Sizes): Buffer {
  const name = Buffer.from(entry.name as string);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, entry, sizes, name.length);
  return Buffer.concat([header, name]);
}

function centralHeader(entry: ZipEntry, claims: Sizes & { readonly offset: number; readonly name?: string }): Buffer {
  const name = Buffer.from((claims.name ?? entry.name) as string);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  const madeOnUnix = 3;
  header.writeUInt16LE(entry.mode ? (madeOnUnix << 8) | 20 : 20, 4);
  writeCommon(header, 6, entry, claims, name.length);
  header.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 38);
  header.writeUInt32LE(claims.offset, 42);
  return Buffer.concat([header, name]);
}

/** The fields that both headers have, from "version needed to extract" to "file name length". */
function writeCommon(header: Buffer, at: number, entry: ZipEntry, sizes: Sizes, nameLength: number): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(entry.flags ?? 0, at + 2);
  header.writeUInt16LE(entry.method ?? 8, at + 4);
  header.writeUInt32LE(sizes.crc32, at + 10);
  header.writeUInt32LE(sizes.compressedBytes, at + 14);
  header.writeUInt32LE(sizes.bytes, at + 18);
  header.writeUInt16LE(nameLength, at + 22);
}
