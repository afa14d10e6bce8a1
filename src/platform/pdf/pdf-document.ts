import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type PDFDocument from 'pdfkit';
import type { Language } from '../../domain/language.js';
import { brokenLines } from './line-breaking.js';

export interface PdfDocumentOptions {
  title: string;
  author: string;
  language: Language;
  /** The creation time in the file. The same pages with the same time are the same bytes. */
  createdAt: Date;
}

/** The look of text: size in points, colour, bold. */
export interface Lettering {
  size: number;
  colour: string;
  bold?: boolean;
}

export type Align = 'left' | 'right' | 'centre';

/** The role of a part of the document for screen readers: a structure type of PDF. */
export type ElementType = 'H1' | 'H2' | 'P' | 'Table' | 'TR' | 'TH' | 'TD';

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Replaces a character that the font does not have: the typesetters' mark for a missing type. */
export const missingLetter = '〓';

/** The options of an element that pdfkit accepts but its types do not know. */
type ElementOptions = NonNullable<Parameters<PDFKit.PDFDocument['struct']>[1]> & {
  /** For a heading cell: the cells that it is the heading of. */
  scope?: 'Column';
  bbox?: [left: number, top: number, right: number, bottom: number];
};

/** A glyph of a font: its number in the file, and its width at size 1. */
interface Letter {
  code: string;
  width: number;
}

/**
 * The parts of pdfkit's fonts that are used beside the public interface. The public interface shapes every text again
 * and caches each for ever: for long statements that took ten times as long, and memory without bound.
 */
interface EmbeddedFont {
  readonly id: string;
  readonly font: { hasGlyphForCodePoint(codePoint: number): boolean };
  encode(text: string): [codes: string[], positions: { advanceWidth: number }[]];
  ref(): unknown;
}

/** Characters that change how their neighbours look or how lines break. They have no glyph of their own. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Writes A4 pages in a Japanese font, of which only the glyphs that occur are embedded. Coordinates are points from
 * the upper left corner. A page is final when the next one begins: so pages are written as they are done, and memory
 * does not grow with their number. The document is tagged: text belongs to the open element. Everything else is an
 * artifact, which screen readers skip.
 */
export class PdfDocument {
  static readonly width = 595.28;
  static readonly height = 841.89;

  /** For drawings. */
  readonly canvas: PDFKit.PDFDocument;
  /** The number of the current page, from 1; 0 before the first page. */
  page = 0;
  /** Whether the font lacked a character. */
  letterMissing = false;

  readonly #faces: { regular: Face; bold: Face };
  readonly #pageCount: PDFKit.PDFKitReference;
  /** The open elements, from the whole document to the innermost. */
  readonly #elements: { type: string; element: PDFKit.PDFStructureElement }[] = [];
  /** Whether the drawing is marked as a whole. */
  #isMarked = false;
  readonly #segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });
  #pageCountIn?: Lettering;

  private constructor(
    { title, author, language, createdAt }: PdfDocumentOptions,
    files: { regular: Buffer; bold: Buffer },
  ) {
    this.canvas = new (load('pdfkit') as typeof PDFDocument)({
      size: 'A4',
      margin: 0,
      pdfVersion: '1.7',
      tagged: true,
      lang: language,
      displayTitle: true,
      autoFirstPage: false,
      fontLayoutCache: false,
      info: {
        Title: title,
        Author: author,
        Creator: author,
        Producer: 'PDFKit',
        CreationDate: createdAt,
        ModDate: createdAt,
      },
    });
    this.#faces = { regular: new Face(this.canvas, files.regular), bold: new Face(this.canvas, files.bold) };
    this.#pageCount = this.canvas.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, -10, 100, 30] });
    const document = this.canvas.struct('Document');
    this.canvas.addStructure(document);
    this.#elements.push({ type: 'Document', element: document });
  }

  static async take(options: PdfDocumentOptions): Promise<PdfDocument> {
    return new PdfDocument(options, await fontFiles());
  }

  newPage(): void {
    this.canvas.addPage();
    this.page++;
  }

  /** Opens an element within the open one. Text written until it is closed belongs to it, also on later pages. */
  open(type: ElementType): void {
    this.#begin(type, type === 'TH' ? { scope: 'Column' } : {});
  }

  close(): void {
    if (this.#elements.length === 1) throw new Error('No element is open');
    this.#elements.pop()!.element.end();
  }

  /** Runs `draw` within an element. */
  element(type: ElementType, draw: () => void): void {
    this.open(type);
    draw();
    this.close();
  }

  /** A picture on one page. `alt` describes it in words. */
  figure(alt: string, { left, top, right, bottom }: Area, draw: () => void): void {
    const element = this.#begin('Figure', { alt, bbox: [left, top, right, bottom] });
    element.add(this.canvas.markStructureContent('Figure'));
    this.#marked(draw);
    this.close();
  }

  /** Draws on one page without meaning for screen readers: lines, colours, the header and footer of a page. */
  artifact(draw: () => void): void {
    if (this.#isMarked) {
      draw();
      return;
    }
    this.canvas.markContent('Artifact');
    this.#marked(draw);
  }

  /** Writes a line of text that begins, ends or is centred at `x`, with its baseline at `y`. */
  text(text: string, x: number, y: number, lettering: Lettering, align: Align = 'left'): void {
    if (text === '') return;
    const face = this.#face(lettering);
    const letters = [...this.#printable(text, face)].map((letter) => face.letter(letter));
    const width = letters.reduce((sum, letter) => sum + letter.width, 0) * lettering.size;
    const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
    const codes = letters.map(({ code }) => code).join('');
    this.canvas.fillColor(lettering.colour);
    face.useOn(this.canvas.page);
    // The y axis points down on these pages, so the letters are turned upright.
    const matrix = `1 0 0 -1 ${figure(left)} ${figure(y)} Tm`;
    this.#inElement(() => {
      this.canvas.addContent(`BT /${face.id} ${figure(lettering.size)} Tf ${matrix} <${codes}> Tj ET`);
    });
  }

  /** Breaks text into lines of at most this width. Blanks and line breaks count as one blank. */
  lines(text: string, width: number, lettering: Lettering): string[] {
    const face = this.#face(lettering);
    const printable = this.#printable(text.replace(/\s+/g, ' '), face);
    return brokenLines(printable, width / lettering.size, (letter) => face.letter(letter).width);
  }

  /** As `lines`, but at most this many. An ellipsis marks omitted text. */
  firstLines(text: string, most: number, width: number, lettering: Lettering): string[] {
    const lines = this.lines(text, width, lettering);
    if (lines.length <= most) return lines;
    const ellipsis = this.width('…', lettering);
    const last = lines[most - 1]!;
    return [...lines.slice(0, most - 1), `${this.lines(last, width - ellipsis, lettering)[0]!}…`];
  }

  width(text: string, lettering: Lettering): number {
    const face = this.#face(lettering);
    const letters = [...this.#printable(text, face)];
    return letters.reduce((sum, letter) => sum + face.letter(letter).width, 0) * lettering.size;
  }

  rule(x1: number, x2: number, y: number, colour: string, width = 0.5): void {
    this.artifact(() => this.canvas.moveTo(x1, y).lineTo(x2, y).lineWidth(width).stroke(colour));
  }

  /** Writes `2 / 5` around `x`. The total is stored in one place, which is written last. */
  pageNumber(x: number, y: number, lettering: Lettering): void {
    this.text(`${this.page} / `, x, y, lettering, 'right');
    const { page } = this.canvas;
    (page.xobjects as Record<string, unknown>).PageCount = this.#pageCount;
    this.canvas.addContent(`q 1 0 0 -1 ${figure(x)} ${figure(y)} cm /PageCount Do Q`);
    this.#pageCountIn = lettering;
  }

  /** Ends the last page and the file. Nothing can be drawn afterwards. */
  end(): void {
    if (this.#elements.length > 1) throw new Error('An element is still open');
    this.#elements[0]!.element.end();
    this.#writePageCount();
    this.canvas.end();
  }

  /** Takes the finished bytes that were not taken yet: all pages except the current one, and after `end` the rest. */
  done(): Buffer | null {
    return this.canvas.read() as Buffer | null;
  }

  #begin(type: string, options: ElementOptions): PDFKit.PDFStructureElement {
    const element = this.canvas.struct(type, options);
    this.#elements.at(-1)!.element.add(element);
    this.#elements.push({ type, element });
    return element;
  }

  /** Marks the drawing as content of the open element; without an open element, as an artifact. */
  #inElement(draw: () => void): void {
    const { type, element } = this.#elements.at(-1)!;
    if (this.#isMarked || this.#elements.length === 1) {
      this.artifact(draw);
      return;
    }
    element.add(this.canvas.markStructureContent(type));
    this.#marked(draw);
  }

  /** Draws the marked content and ends the mark. */
  #marked(draw: () => void): void {
    this.#isMarked = true;
    draw();
    this.#isMarked = false;
    this.canvas.endMarkedContent();
  }

  #writePageCount(): void {
    const { size, bold } = this.#pageCountIn ?? { size: 8 };
    const face = bold === true ? this.#faces.bold : this.#faces.regular;
    const codes = [...String(this.page)].map((digit) => face.letter(digit).code).join('');
    Object.assign(this.#pageCount.data, { Resources: { Font: { [face.id]: face.ref() } } });
    this.#pageCount.end(`BT /${face.id} ${figure(size)} Tf <${codes}> Tj ET`);
  }

  #face({ bold }: Lettering): Face {
    return bold === true ? this.#faces.bold : this.#faces.regular;
  }

  /** The glyphs of a text. A visible character that the font lacks becomes one mark. */
  #printable(text: string, face: Face): string {
    const composed = text.normalize('NFC').replace(/\s/g, ' ');
    const plain = composed.replace(invisible, '');
    if (face.has(plain)) return plain;
    this.letterMissing = true;
    return Array.from(this.#segmenter.segment(composed), ({ segment }) => {
      const seen = segment.replace(invisible, '');
      return face.has(seen) ? seen : missingLetter;
    }).join('');
  }
}

/** One weight of the font, as it is embedded in a file. */
class Face {
  readonly #font: EmbeddedFont;
  readonly #letters = new Map<string, Letter>();
  readonly #missing = new Set<string>();

  constructor(canvas: PDFKit.PDFDocument, file: Buffer) {
    canvas.font(file);
    this.#font = (canvas as unknown as { _font: EmbeddedFont })._font;
  }

  get id(): string {
    return this.#font.id;
  }

  ref(): unknown {
    return this.#font.ref();
  }

  useOn(page: PDFKit.PDFPage): void {
    (page.fonts as Record<string, unknown>)[this.id] ??= this.#font.ref();
  }

  has(text: string): boolean {
    for (const letter of text) {
      if (this.#letters.has(letter)) continue;
      if (this.#missing.has(letter) || !this.#font.font.hasGlyphForCodePoint(letter.codePointAt(0)!)) {
        this.#missing.add(letter);
        return false;
      }
    }
    return true;
  }

  letter(letter: string): Letter {
    let found = this.#letters.get(letter);
    if (found === undefined) {
      const [codes, positions] = this.#font.encode(letter);
      const width = positions.reduce((sum, { advanceWidth }) => sum + advanceWidth, 0) / 1000;
      this.#letters.set(letter, (found = { code: codes.join(''), width }));
    }
    return found;
  }
}

const figure = (value: number): string => String(Math.round(value * 100) / 100);

/** Loaded with the first file, so that the service starts without it. */
const load = createRequire(__filename);
let read: Promise<{ regular: Buffer; bold: Buffer }> | undefined;

function fontFiles(): Promise<{ regular: Buffer; bold: Buffer }> {
  read ??= Promise.all(
    ['400Regular/NotoSansJP_400Regular.ttf', '700Bold/NotoSansJP_700Bold.ttf'].map((file) =>
      readFile(load.resolve(`@expo-google-fonts/noto-sans-jp/${file}`)),
    ),
  ).then(([regular, bold]) => ({ regular: regular!, bold: bold! }));
  return read;
}
