import { inflateSync } from 'node:zlib';

/** The parts of a PDF that tests read. */
export interface ReadPdf {
  /** The texts of each page, in the order in which they were drawn. */
  pages: string[][];
  /** The names of the embedded fonts, without the prefix of their subset. */
  embeddedFonts: string[];
  language: string | undefined;
  /** The tree of tags, starting with the document. */
  structure: Tag;
  /** The texts outside all tags, on all pages. */
  artifacts: string[];
}

/** A structure element: its type, its own texts, and the elements in it. */
export interface Tag {
  type: string;
  alt: string | undefined;
  texts: string[];
  tags: Tag[];
}

interface PdfObject {
  dictionary: string;
  stream: Buffer | undefined;
}

/**
 * Reads a file that pdfkit wrote. It finds objects by the table of references at the end, unpacks streams, and decodes texts with
 * the ToUnicode maps of the embedded fonts. It throws if an object is not where the file says.
 */
export function readPdf(file: Buffer): ReadPdf {
  const text = file.toString('latin1');
  if (!text.startsWith('%PDF-1.7\n') || !text.endsWith('%%EOF\n')) throw new Error('The PDF is not complete');
  const objects = objectsOf(file, text);
  const get = (id: string): PdfObject => {
    const found = objects.get(Number(id));
    if (!found) throw new Error(`The PDF has no object ${id}`);
    return found;
  };
  const catalogue = get(one(text.slice(text.lastIndexOf('trailer')), /\/Root (\d+) 0 R/));
  const kids = one(get(one(catalogue.dictionary, /\/Pages (\d+) 0 R/)).dictionary, /\/Kids \[([^\]]*)\]/);
  const language = /\/Lang \((\w+)\)/.exec(catalogue.dictionary)?.[1];
  const textsByPage = new Map(
    [...kids.matchAll(/(\d+) 0 R/g)].map(([, id]): [string, MarkedText[]] => {
      const { dictionary } = get(id!);
      const resources = get(one(dictionary, /\/Resources (\d+) 0 R/)).dictionary;
      return [id!, textsOf(get(one(dictionary, /\/Contents (\d+) 0 R/)), resources, get)];
    }),
  );
  const pages = [...textsByPage.values()].map((texts) => texts.map(({ text }) => text));
  const embeddedFonts = [...objects.values()].flatMap(({ dictionary }) =>
    dictionary.includes('/FontFile2') ? [one(dictionary, /\/FontName \/[A-Z]{6}\+([\w-]+)/)] : [],
  );
  const tree = get(one(catalogue.dictionary, /\/StructTreeRoot (\d+) 0 R/)).dictionary;
  const structure = tagOf(one(tree, /\/K \[(\d+) 0 R\]/), get, textsByPage);
  const artifacts = [...textsByPage.values()].flatMap((texts) =>
    texts.flatMap(({ text, mark }) => (mark === undefined ? [text] : [])),
  );
  return { pages, embeddedFonts, language, structure, artifacts };
}

/** A text on a page, with the number of its mark if it belongs to an element. */
interface MarkedText {
  text: string;
  mark: number | undefined;
}

/** The element with this id, and all elements below it. `textsByPage` has the ids of pages as keys. */
function tagOf(id: string, get: (id: string) => PdfObject, textsByPage: ReadonlyMap<string, MarkedText[]>): Tag {
  const { dictionary } = get(id);
  const type = one(dictionary, /\/S \/(\w+)/);
  const tag: Tag = { type, alt: textOf(/\/Alt \(((?:\\.|[^\\)])*)\)/s.exec(dictionary)?.[1]), texts: [], tags: [] };
  const take = (from: string, mark: string): void => {
    for (const { text, mark: of } of textsByPage.get(from)!) if (of === Number(mark)) tag.texts.push(text);
  };
  const kids = one(dictionary, /\/K \[([\s\S]*?)\]\n/);
  // A kid on another page names that page. The page of all other kids is an entry of this dictionary.
  const page = /\/Pg (\d+) 0 R/.exec(dictionary.replace(kids, ''))?.[1];
  const kid = /<<[\s\S]*?\/Pg (\d+) 0 R[\s\S]*?\/MCID (\d+)[\s\S]*?>>|(\d+) 0 R|(\d+)/g;
  for (const [, otherPage, mark, element, ownMark] of kids.matchAll(kid)) {
    if (otherPage !== undefined) take(otherPage, mark!);
    else if (element !== undefined) tag.tags.push(tagOf(element, get, textsByPage));
    else take(page!, ownMark!);
  }
  return tag;
}

/** Decodes a string of a dictionary. It is UTF-16 with a byte order mark, unless it is ASCII. */
function textOf(literal: string | undefined): string | undefined {
  if (literal === undefined) return undefined;
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  const bytes = literal.replace(/\\(.)/gs, (_, sign: string) => escapes[sign] ?? sign);
  return bytes.startsWith('\xfe\xff') ? Buffer.from(bytes.slice(2), 'latin1').swap16().toString('utf16le') : bytes;
}

function objectsOf(file: Buffer, text: string): Map<number, PdfObject> {
  const table = text.slice(Number(one(text.slice(-200), /startxref\n(\d+)/)));
  const offsets = [...table.matchAll(/^(\d{10}) 00000 n/gm)].map(([, offset]) => Number(offset));
  return new Map(
    offsets.map((offset, at): [number, PdfObject] => {
      const head = `${at + 1} 0 obj\n`;
      if (!text.startsWith(head, offset)) throw new Error(`Object ${at + 1} is not where the PDF says`);
      const end = text.indexOf('endobj', offset);
      const streamAt = text.indexOf('stream\n', offset);
      if (streamAt < 0 || streamAt > end) return [at + 1, { dictionary: text.slice(offset, end), stream: undefined }];
      const dictionary = text.slice(offset, streamAt);
      const from = streamAt + 'stream\n'.length;
      const bytes = file.subarray(from, from + Number(one(dictionary, /\/Length (\d+)/)));
      return [at + 1, { dictionary, stream: dictionary.includes('/FlateDecode') ? inflateSync(bytes) : bytes }];
    }),
  );
}

function textsOf({ stream }: PdfObject, resources: string, get: (id: string) => PdfObject): MarkedText[] {
  const texts: MarkedText[] = [];
  const marks: (number | undefined)[] = [];
  let letters = new Map<string, string>();
  for (const [, font, codes, drawn, mark, artifact, end] of stream!
    .toString('latin1')
    .matchAll(/\/(\w+) [\d.]+ Tf|<([0-9a-f]*)> Tj|\/(\w+) Do|\/MCID (\d+)\s*>> BDC|(\/Artifact BMC)|\b(EMC)\b/g)) {
    if (font !== undefined) letters = lettersOf(get(resourceId(resources, font)), get);
    if (mark !== undefined) marks.push(Number(mark));
    if (artifact !== undefined) marks.push(undefined);
    if (end !== undefined) marks.pop();
    if (codes !== undefined) {
      texts.push({ text: codes.replace(/.{4}/g, (code) => letters.get(code) ?? '\ufffd'), mark: marks.at(-1) });
    }
    if (drawn !== undefined) {
      const form = get(resourceId(resources, drawn));
      texts.push(...textsOf(form, form.dictionary, get));
    }
  }
  return texts.filter(({ text }) => text !== '');
}

const maps = new WeakMap<PdfObject, Map<string, string>>();

function lettersOf(font: PdfObject, get: (id: string) => PdfObject): Map<string, string> {
  const known = maps.get(font);
  if (known) return known;
  const map = get(one(font.dictionary, /\/ToUnicode (\d+) 0 R/)).stream!.toString('latin1');
  const letters = new Map<string, string>();
  for (const [, first, , list] of map.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/g)) {
    let code = Number.parseInt(first!, 16);
    for (const [, unicode] of list!.matchAll(/<([0-9a-f ]*)>/g)) {
      const units = unicode!.match(/[0-9a-f]{4}/g) ?? [];
      const letter = String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
      letters.set((code++).toString(16).padStart(4, '0'), letter);
    }
  }
  maps.set(font, letters);
  return letters;
}

const resourceId = (resources: string, name: string): string => one(resources, new RegExp(`/${name} (\\d+) 0 R`));

function one(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`The PDF does not contain ${String(pattern)}`);
  return found;
}
