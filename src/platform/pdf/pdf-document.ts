import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type PDFDocument from 'pdfkit';
import type { Language } from '../../domain/language.js';
import { brokenLines } from './line-breaking.js';

export interface PdfDocumentOptions {
  title: string;
  author: string;
  language: Language;
  /** What the file says when it was made: with the same one, the same pages are the same bytes. */
  createdAt: Date;
}

/** How letters look: their size in points, their colour, and whether they are bold. */
export interface Lettering {
  size: number;
  colour: string;
  bold?: boolean;
}

export type Align = 'left' | 'right' | 'centre';

/** What a part of a document is, for screen readers: a structure type of PDF. */
export type ElementType = 'H1' | 'H2' | 'P' | 'Table' | 'TR' | 'TH' | 'TD';

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Stands for a character that the font has not: the mark of Japanese typesetters for a missing type. */
export const missingLetter = '〓';

/** What pdfkit takes for an element, beside what its types know. */
type ElementOptions = NonNullable<Parameters<PDFKit.PDFDocument['struct']>[1]> & {
  /** Of a head: the cells that it is the head of. */
  scope?: 'Column';
  bbox?: [left: number, top: number, right: number, bottom: number];
};

/** A letter of a font: its number in the file, and its width for a size of 1. */
interface Letter {
  code: string;
  width: number;
}

/**
 * What is used of a font of pdfkit beside its public interface, which shapes every text anew and remembers each for ever: for
 * long statements that took ten times as long, and memory without bound.
 */
interface EmbeddedFont {
  readonly id: string;
  readonly font: { hasGlyphForCodePoint(codePoint: number): boolean };
  encode(text: string): [codes: string[], positions: { advanceWidth: number }[]];
  ref(): unknown;
}

/** They change how letters before or after them look, or how lines break; alone they are nothing. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * A4 pages, in points from the upper left corner, with a Japanese font of which only the letters that occur are embedded. What
 * is drawn is final once its page is: pages go out as they are done, however many there will be.
 *
 * The document is tagged: text belongs to the element that is open, and everything else is an artifact that screen readers skip.
 */
export class PdfDocument {
  static readonly width = 595.28;
  static readonly height = 841.89;

  /** For drawings. */
  readonly canvas: PDFKit.PDFDocument;
  /** The number of the page that is drawn on, from 1; 0 before the first. */
  page = 0;
  /** Whether a character was missing in the font. */
  letterMissing = false;

  readonly #faces: { regular: Face; bold: Face };
  readonly #pageCount: PDFKit.PDFKitReference;
  /** The elements that are open, from the whole document to the innermost. */
  readonly #elements: { type: string; element: PDFKit.PDFStructureElement }[] = [];
  /** Whether what is drawn is marked as a whole. */
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

  /** Opens an element within the one that is open. What is written until it is closed belongs to it, also on later pages. */
  open(type: ElementType): void {
    this.#begin(type, type === 'TH' ? { scope: 'Column' } : {});
  }

  close(): void {
    if (this.#elements.length === 1) throw new Error('No element is open');
    this.#elements.pop()!.element.end();
  }

  /** An element of what is drawn. */
  element(type: ElementType, draw: () => void): void {
    this.open(type);
    draw();
    this.close();
  }

  /** A picture on one page; `alt` says in words what it shows. */
  figure(alt: string, { left, top, right, bottom }: Area, draw: () => void): void {
    const element = this.#begin('Figure', { alt, bbox: [left, top, right, bottom] });
    element.add(this.canvas.markStructureContent('Figure'));
    this.#marked(draw);
    this.close();
  }

  /** What is drawn on one page and means nothing by itself: lines, colours, the head and the foot of a page. */
  artifact(draw: () => void): void {
    if (this.#isMarked) {
      draw();
      return;
    }
    this.canvas.markContent('Artifact');
    this.#marked(draw);
  }

  /** Writes a line of text that begins, ends or is centred at `x`, and stands on `y`. */
  text(text: string, x: number, y: number, lettering: Lettering, align: Align = 'left'): void {
    if (text === '') return;
    const face = this.#face(lettering);
    const letters = [...this.#printable(text, face)].map((letter) => face.letter(letter));
    const width = letters.reduce((sum, letter) => sum + letter.width, 0) * lettering.size;
    const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
    const codes = letters.map(({ code }) => code).join('');
    this.canvas.fillColor(lettering.colour);
    face.useOn(this.canvas.page);
    // The y axis of a page points down here: the letters are turned up again.
    const matrix = `1 0 0 -1 ${figure(left)} ${figure(y)} Tm`;
    this.#inElement(() => {
      this.canvas.addContent(`BT /${face.id} ${figure(lettering.size)} Tf ${matrix} <${codes}> Tj ET`);
    });
  }

  /** The text in lines of at most a width; blanks and line breaks count as one blank. */
  lines(text: string, width: number, lettering: Lettering): string[] {
    const face = this.#face(lettering);
    const printable = this.#printable(text.replace(/\s+/g, ' '), face);
    return brokenLines(printable, width / lettering.size, (letter) => face.letter(letter).width);
  }

  /** As `lines`, at most so many of them; an ellipsis says that there is more. */
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

  /** Writes `2 / 5` around `x`. How many pages there are stands in one place, which is written last. */
  pageNumber(x: number, y: number, lettering: Lettering): void {
    this.text(`${this.page} / `, x, y, lettering, 'right');
    const { page } = this.canvas;
    (page.xobjects as Record<string, unknown>).PageCount = this.#pageCount;
    this.canvas.addContent(`q 1 0 0 -1 ${figure(x)} ${figure(y)} cm /PageCount Do Q`);
    this.#pageCountIn = lettering;
  }

  /** Ends the last page and the file; nothing can be drawn any more. */
  end(): void {
    if (this.#elements.length > 1) throw new Error('An element is still open');
    this.#elements[0]!.element.end();
    this.#writePageCount();
    this.canvas.end();
  }

  /** What of the file is done and was not taken yet: all pages but the one that is drawn on, and after `end` the rest. */
  done(): Buffer | null {
    return this.canvas.read() as Buffer | null;
  }

  #begin(type: string, options: ElementOptions): PDFKit.PDFStructureElement {
    const element = this.canvas.struct(type, options);
    this.#elements.at(-1)!.element.add(element);
    this.#elements.push({ type, element });
    return element;
  }

  /** Marks what is drawn as content of the element that is open; without one, as an artifact. */
  #inElement(draw: () => void): void {
    const { type, element } = this.#elements.at(-1)!;
    if (this.#isMarked || this.#elements.length === 1) {
      this.artifact(draw);
      return;
    }
    element.add(this.canvas.markStructureContent(type));
    this.#marked(draw);
  }

  /** Draws what was marked just now, and ends the mark. */
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

  /** The text in letters that the font has; what people see as one character and the font has not is one mark. */
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

/** One weight of the font, as it is embedded in one file. */
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

/** Loaded with the first file that is made: the service starts without it. */
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
