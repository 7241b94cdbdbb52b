import { readFileSync } from 'node:fs';

/** DejaVu Sans Condensed: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic; free to embed, and legible at five points. */
const FILES = {
  regular: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf',
  bold: 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf',
} as const;

export type FontFace = keyof typeof FILES;
export const FONT_FACES = Object.keys(FILES) as FontFace[];

const loaded = new Map<FontFace, Buffer>();

/** The font's file, read once. */
export function fontFile(face: FontFace): Buffer {
  const kept = loaded.get(face) ?? readFileSync(require.resolve(FILES[face]));
  loaded.set(face, kept);
  return kept;
}
