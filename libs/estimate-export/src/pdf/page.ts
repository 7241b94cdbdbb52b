import PDFDocument from 'pdfkit';
import { FONT_FACES, type FontFace, fontFile } from './fonts';
import { inVisualOrder, MISSING, RIGHT_TO_LEFT, showText } from './show-text';

/** How a line of text looks; `size` in points. */
export interface TextStyle {
  readonly size: number;
  readonly face?: FontFace;
  readonly color?: string;
  readonly align?: 'left' | 'right' | 'center';
  /** Where it is too wide its letters become smaller and none is cut off, as becomes amounts. */
  readonly shrink?: boolean;
}

export interface TableCell {
  readonly isHead: boolean;
  readonly draw: () => void;
}

/** What every reader of the file sees of it, and its clock. */
export interface PageFacts {
  readonly title: string;
  readonly subject: string;
  readonly createdAt: Date;
}

export const INK = '#1a1a1a';
export const GREY = '#5c5c5c';
export const RULE = '#b8b8b8';
export const TINT = '#f1f3f5';

/** Height of a line over the size of its letters. */
export const LEADING = 1.22;

/** Widths grow with the size of the letters, so that one measure of a word serves all sizes. */
const MEASURED_AT = 100;

interface Measured {
  readonly shown: string;
  readonly width: number;
}

interface Glyphs {
  hasGlyphForCodePoint(codePoint: number): boolean;
}

/**
 * One A4 page: text in single lines that are measured before they are drawn, and vectors. Nothing here flows, so nothing can overflow
 * to a second page. Lengths are points from the upper left corner.
 */
export class Page {
  static readonly WIDTH = 595.28;
  static readonly HEIGHT = 841.89;

  /** Whether a character was asked for that the font does not have. */
  hasMissing = false;
  readonly pen: PDFKit.PDFDocument;
  private readonly structure: PDFKit.PDFStructureElement;
  private readonly words = { regular: new Map<string, Measured>(), bold: new Map<string, Measured>() };
  private readonly finished: Promise<Uint8Array>;

  constructor({ title, subject, createdAt }: PageFacts) {
    this.pen = new PDFDocument({
      ...{ size: 'A4', margin: 0, compress: false, tagged: true, lang: 'en', displayTitle: true, pdfVersion: '1.7' },
      info: {
        Title: title.replace(/\p{C}/gu, '\ufffd'),
        Subject: subject,
        Creator: 'Assay',
        Producer: 'Assay',
        CreationDate: createdAt,
        ModDate: createdAt,
      },
    });
    for (const face of FONT_FACES) this.pen.registerFont(face, fontFile(face));
    this.structure = this.pen.struct('Document');
    this.pen.addStructure(this.structure);
    const chunks: Uint8Array[] = [];
    this.finished = new Promise((resolve, reject) => {
      this.pen.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      this.pen.on('end', () => resolve(Buffer.concat(chunks)));
      this.pen.on('error', reject);
    });
  }

  /** Width of a text in one line. */
  widthOf(text: string, { size, face = 'regular' }: TextStyle): number {
    const words = text.split(' ');
    const spaces = (words.length - 1) * this.measured(face, ' ').width;
    return (size * words.reduce((sum, word) => sum + this.measured(face, word).width, spaces)) / MEASURED_AT;
  }

  /**
   * Draws one line; its box begins at `x` and is `width` wide, its top is at `y`. What is wider is cut with an ellipsis, or shrunk.
   *
   * @param behind drawn after it, without room of its own: a space where it goes on in the next line
   */
  line(text: string, x: number, y: number, width: number, style: TextStyle, behind = ''): void {
    const { face = 'regular', color = INK, align = 'left', shrink = false } = style;
    const wide = this.widthOf(text, style);
    const size = shrink && wide > width ? (style.size * width) / wide : style.size;
    const fitting = shrink ? text : this.fit(text, width, style);
    const free = width - this.widthOf(fitting, { size, face });
    const left = align === 'left' ? x : align === 'right' ? x + free : x + free / 2;
    this.pen.font(face).fontSize(size).fillColor(color);
    const top = y + (style.size - size) / 2;
    if (!RIGHT_TO_LEFT.test(fitting)) this.pen.text(this.shown(fitting, face) + behind, left, top, { lineBreak: false });
    else this.drawWords(inVisualOrder(fitting.split(' ')), left, top, { size, face });
  }

  /** Draws lines below each other and returns the y below them. */
  lines(texts: readonly string[], x: number, y: number, width: number, style: TextStyle): number {
    for (const [index, text] of texts.entries()) this.line(text, x, y + index * style.size * LEADING, width, style, ' ');
    return y + texts.length * style.size * LEADING;
  }

  /** The text, or as much of it as fits with an ellipsis: whole words, and of the next one as many signs as there is room for. */
  fit(text: string, width: number, style: TextStyle): string {
    if (this.widthOf(text, style) <= width) return text;
    const room = width - this.widthOf('…', style);
    const words = text.split(' ');
    const [whole, used] = this.wordsWithin(words, room, style);
    const next = [...(words[whole] ?? '')];
    let [low, high] = [0, next.length];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (used + this.widthOf(next.slice(0, middle).join(''), style) <= room) low = middle;
      else high = middle - 1;
    }
    return `${[...words.slice(0, whole), next.slice(0, low).join('')].join(' ').trimEnd()}…`;
  }

  /** Breaks a text into lines at spaces, at most `most` of them, the last one cut where more would follow. */
  wrap(text: string, width: number, style: TextStyle, most = Number.POSITIVE_INFINITY): string[] {
    const lines: string[] = [];
    let words = text.split(/\s+/).filter((word) => word !== '');
    while (words.length > 0) {
      if (lines.length + 1 >= most) return [...lines, this.fit(words.join(' '), width, style)];
      const [fitting] = this.wordsWithin(words, width, style);
      const count = Math.max(fitting, 1);
      lines.push(words.slice(0, count).join(' '));
      words = words.slice(count);
    }
    return lines;
  }

  /** How many words fit into a width, and what they take of it with a space behind each. */
  private wordsWithin(words: readonly string[], width: number, style: TextStyle): [number, number] {
    const space = this.widthOf(' ', style);
    let [count, used] = [0, 0];
    for (const word of words) {
      const wide = this.widthOf(word, style);
      if (used + wide > width) break;
      used += wide + space;
      count += 1;
    }
    return [count, used];
  }

  /**
   * Draws something that readers for the blind find by its kind.
   *
   * @param alt what a figure shows, in words
   */
  tagged<T>(kind: 'H1' | 'H2' | 'P' | 'Figure', draw: () => T, alt?: string): T {
    const drawn: T[] = [];
    this.structure.add(this.pen.struct(kind, alt === undefined ? {} : { alt }, () => drawn.push(draw())));
    return drawn[0] as T;
  }

  /** Draws the cells of a table, row by row, so that they are read as one. */
  table(rows: readonly (readonly TableCell[])[]): void {
    const { pen } = this;
    const cells = (row: readonly TableCell[]) => row.map(({ isHead, draw }) => pen.struct(isHead ? 'TH' : 'TD', {}, draw));
    this.structure.add(
      pen.struct(
        'Table',
        {},
        rows.map((row) => pen.struct('TR', {}, cells(row))),
      ),
    );
  }

  /** Ends the page. Nothing can be drawn any more. */
  finish(): Promise<Uint8Array> {
    this.structure.end();
    this.pen.end();
    return this.finished;
  }

  /** Word by word, since the letters of a word are put in order and those of a line are not. */
  private drawWords(words: readonly string[], x: number, y: number, { size, face = 'regular' }: TextStyle): void {
    let at = x;
    for (const word of words) {
      this.pen.font(face).fontSize(size).text(this.shown(word, face), at, y, { lineBreak: false });
      at += this.widthOf(`${word} `, { size, face });
    }
  }

  private shown(text: string, face: FontFace): string {
    return text
      .split(' ')
      .map((word) => this.measured(face, word).shown)
      .join(' ');
  }

  /** A word as it can be drawn, and its width at {@link MEASURED_AT} points. */
  private measured(face: FontFace, word: string): Measured {
    const kept = this.words[face].get(word);
    if (kept) return kept;
    const { font } = (this.pen.font(face) as unknown as { _font: { font: Glyphs } })._font;
    const shown = word === ' ' ? word : showText(word, (codePoint) => font.hasGlyphForCodePoint(codePoint));
    if (shown.includes(MISSING)) this.hasMissing = true;
    const measured = { shown, width: this.pen.fontSize(MEASURED_AT).widthOfString(shown) };
    this.words[face].set(word, measured);
    return measured;
  }
}
