import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { hoursColumn, hoursText } from '../../domain/minutes.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import { dateText, monthText, oneLine } from '../../platform/mail/mail-words.js';
import { missingLetter, PdfDocument } from '../../platform/pdf/pdf-document.js';
import { say } from '../../platform/sentences.js';
import { burnDownColours as colours } from '../balances/burn-down.picture.js';
import { periodText } from '../usage/usage-blocks.js';
import { FrontPage } from './term-statement.front.js';
import {
  accent,
  bottom,
  clockText,
  dark,
  grey,
  heading,
  left,
  lineHeight,
  plain,
  right,
  small,
  strong,
  taken,
  top,
} from './term-statement.look.js';
import type { StatedWork, TermStatement } from './term-statement.js';
import { termStatementWords } from './term-statement.words.js';

/** Other requests get a turn after this number of rows, which take a few milliseconds. */
const rowsInOneGo = 25;

/**
 * Writes the statement of a term as an A4 document, each page when it is done. Amounts are exact: the entries add up
 * to the used minutes of the balance.
 */
export async function* termStatementPdf(
  statement: TermStatement,
  batches: AsyncIterable<readonly StatedWork[]>,
): AsyncGenerator<Uint8Array> {
  const paper = await PdfDocument.take({
    title: titleOf(statement),
    author: oneLine(statement.vendor),
    language: statement.language,
    createdAt: statement.issuedAt,
  });
  const pages = new StatementPages(paper, statement);
  pages.begin();
  let rows = 0;
  for await (const batch of batches) {
    for (const work of batch) {
      pages.row(work);
      if (++rows % rowsInOneGo > 0) continue;
      const piece = paper.done();
      if (piece) yield piece;
      await turnOfOthers();
    }
  }
  pages.end();
  for (let piece = paper.done(); piece; piece = paper.done()) yield piece;
}

function titleOf({ language, customerName, ...dates }: TermStatement): string {
  const words = { customer: oneLine(customerName), period: periodText(dates, language) };
  return say(termStatementWords[language].documentTitle, language, words);
}

interface Column {
  head: 'day' | 'consultant' | 'productLine' | 'activity' | 'delivery' | 'clock' | 'hours';
  x: number;
  /** Figures end at `x`. */
  width?: number;
}

/** Rules go from edge to edge. The text of cells keeps a distance from them. */
const cellLeft = left + 4;
const cellRight = right - 4;
const clockX = right - 50;

const columns: readonly Column[] = [
  { head: 'day', x: cellLeft, width: 60 },
  { head: 'consultant', x: left + 68, width: 98 },
  { head: 'productLine', x: left + 170, width: 102 },
  { head: 'activity', x: left + 276, width: 92 },
  { head: 'delivery', x: left + 372, width: 46 },
  { head: 'clock', x: clockX },
  { head: 'hours', x: cellRight },
];

const mostLinesOfName = 3;
const summaryX = left + 68;
const summaryWidth = right - 92 - summaryX;
const summaryLineHeight = 9.75;
const totalHeight = 46;

/**
 * Up to this number of rows, each cell is an element for screen readers. The file must list all elements at its end.
 * So in a longer statement the remaining rows of a page are one element, and memory does not grow with their number.
 */
const mostTaggedRows = 5_000;

/** The pages of one statement, from top to bottom. */
class StatementPages {
  readonly #words;
  readonly #hours = hoursColumn();
  #y = top;
  #minutes = 0;
  #held?: StatedWork;
  #rows = 0;
  #inRowOfPage = false;
  #reversed = false;
  #adjusted = false;

  constructor(
    private readonly paper: PdfDocument,
    private readonly statement: TermStatement,
  ) {
    this.#words = termStatementWords[statement.language];
  }

  /** Draws everything before the first entry. */
  begin(): void {
    this.paper.newPage();
    this.#y = new FrontPage(this.paper, this.statement).draw();
    this.#title(this.#words.entries);
    this.paper.open('Table');
    this.paper.element('TR', () => this.#tableHead('TH'));
  }

  /** Keeps the last row back, because it must stay on one page with the total. */
  row(work: StatedWork): void {
    if (this.#held) this.#row(this.#held, 0);
    this.#held = work;
    this.#minutes += work.minutes;
  }

  /** Draws the total, how it adds up, and the notes. */
  end(): void {
    const { paper, statement } = this;
    const { balance, language, timeZone } = statement;
    const { grantedMinutes, usedMinutes, expiredMinutes, remainingMinutes } = balance;
    if (this.#minutes !== usedMinutes) {
      throw new Error(
        `The entries of term ${balance.termId} add up to ${this.#minutes} and not to ${usedMinutes} minutes`,
      );
    }
    const isEmpty = this.#held === undefined;
    if (this.#held) this.#row(this.#held, totalHeight);
    else this.#nothing();
    this.#closeRowOfPage();
    this.#ensure(totalHeight);
    paper.rule(left, right, this.#y, dark, 0.8);
    const y = this.#y + 13.5;
    paper.element('TR', () => {
      paper.element('TD', () => paper.text(this.#words.total, cellLeft, y, strong));
      paper.element('TD', () => paper.text(clockText(usedMinutes), clockX, y, strong, 'right'));
      paper.element('TD', () => paper.text(hoursText(usedMinutes), cellRight, y, strong, 'right'));
    });
    paper.close();
    paper.rule(left, right, this.#y + 20, dark, 0.8);
    paper.rule(left, right, this.#y + 22, dark, 0.8);
    const sum = {
      granted: clockText(grantedMinutes),
      used: clockText(usedMinutes),
      expired: clockText(expiredMinutes),
      remaining: clockText(remainingMinutes),
    };
    paper.element('P', () => paper.text(say(this.#words.sum, language, sum), cellRight, this.#y + 37, plain, 'right'));
    this.#y += totalHeight + 8;

    const { days, hours: ofHours, reversals, adjustments, missing } = this.#words.notes;
    const notes = [
      say(days, language, { timeZone }),
      ...(isEmpty ? [] : [ofHours]),
      ...(this.#reversed ? [reversals] : []),
      ...(this.#adjusted ? [adjustments] : []),
      ...(paper.letterMissing ? [say(missing, language, { letter: missingLetter })] : []),
    ];
    for (const note of notes) {
      paper.element('P', () => {
        for (const line of paper.lines(`・${note}`, right - left, small)) {
          this.#turned(lineHeight);
          paper.text(line, left, this.#y, small);
          this.#y += lineHeight;
        }
      });
    }
    this.#footer();
    paper.end();
  }

  /** Draws a row, and moves below it. */
  #row(work: StatedWork, roomBelow: number): void {
    const { paper, statement } = this;
    const { language } = statement;
    const isReversal = work.minutes < 0;
    const lettering = isReversal ? { ...plain, colour: taken } : plain;
    const cells = [
      dateText(work.workDate, language),
      work.consultant,
      work.productLine,
      activityWords[work.activity][language],
      deliveryWords[work.delivery][language],
    ].map((cell, at) => paper.firstLines(cell, mostLinesOfName, columns[at]!.width!, lettering));
    const label = this.#label(work, isReversal);
    const summaryLines = paper.lines(label + work.summary, summaryWidth, small);
    const height = 2.5 + Math.max(...cells.map(({ length }) => length)) * lineHeight;
    // A row starts on this page only if two lines of its summary fit. A short row stays together.
    const together =
      summaryLines.length <= 3 ? summaryLines.length * summaryLineHeight + roomBelow : 2 * summaryLineHeight;
    this.#ensure(height + together + 5);

    const isTagged = ++this.#rows <= mostTaggedRows;
    const cell = (draw: () => void): void => (isTagged ? paper.element('TD', draw) : draw());
    if (isTagged) paper.open('TR');
    else this.#openRowOfPage();
    const first = this.#y + 10.5;
    cells.forEach((lines, at) =>
      cell(() =>
        lines.forEach((line, place) => paper.text(line, columns[at]!.x, first + place * lineHeight, lettering)),
      ),
    );
    cell(() => paper.text(clockText(work.minutes), clockX, first, lettering, 'right'));
    cell(() => paper.text(signed(this.#hours(work.minutes)), cellRight, first, lettering, 'right'));
    this.#y += height;
    // The summary is the last cell of the row, below the figures.
    cell(() =>
      summaryLines.forEach((line, at) => {
        this.#ensure(summaryLineHeight + 5 + (at === summaryLines.length - 1 ? roomBelow : 0));
        const baseline = this.#y + 8;
        const labelled = at === 0 && line.startsWith(label) ? label : '';
        paper.text(labelled, summaryX, baseline, { ...small, colour: lettering.colour });
        paper.text(line.slice(labelled.length), summaryX + paper.width(labelled, small), baseline, small);
        this.#y += summaryLineHeight;
      }),
    );
    if (isTagged) paper.close();
    this.#y += 5;
    paper.rule(left, right, this.#y, colours.grid);
  }

  #nothing(): void {
    const { paper } = this;
    paper.element('TR', () => {
      paper.element('TD', () => paper.text(this.#words.nothing, cellLeft, this.#y + 12, plain));
    });
    this.#y += 20;
  }

  /** A row with one cell, for all further rows of the page. */
  #openRowOfPage(): void {
    if (this.#inRowOfPage) return;
    this.#inRowOfPage = true;
    this.paper.open('TR');
    this.paper.open('TD');
  }

  #closeRowOfPage(): void {
    if (!this.#inRowOfPage) return;
    this.#inRowOfPage = false;
    this.paper.close();
    this.paper.close();
  }

  #title(text: string): void {
    this.#turned(90);
    this.paper.element('H2', () => this.paper.text(text, left, this.#y, heading));
    this.#y += 6;
  }

  /** Draws the table's heading. On later pages, screen readers skip it. */
  #tableHead(as: 'TH' | 'artifact'): void {
    const { paper } = this;
    paper.artifact(() => paper.canvas.rect(left, this.#y, right - left, 16).fill('#f1f5f7'));
    for (const { head, x, width } of columns) {
      const lettering = { size: 7, colour: grey, bold: true };
      const align = width === undefined ? 'right' : 'left';
      const draw = (): void => paper.text(this.#words[head], x, this.#y + 11, lettering, align);
      if (as === 'TH') paper.element('TH', draw);
      else paper.artifact(draw);
    }
    this.#y += 18;
  }

  /** Starts a new page with a table heading if this height does not fit. */
  #ensure(height: number): void {
    if (this.#turned(height)) this.#tableHead('artifact');
  }

  /** Starts a new page if this height does not fit. */
  #turned(height: number): boolean {
    if (this.#y + height <= bottom) return false;
    const { paper, statement } = this;
    const { language, customerName } = statement;
    const continues = this.#inRowOfPage;
    this.#closeRowOfPage();
    this.#footer();
    paper.newPage();
    if (continues) this.#openRowOfPage();
    const [customer = ''] = paper.firstLines(customerName, 1, 260, small);
    paper.artifact(() => {
      paper.text(`${this.#words.title} / ${customer}`, left, 38, small);
      paper.text(periodText(statement, language), right, 38, small, 'right');
      paper.rule(left, right, 44, accent, 1);
    });
    this.#y = top;
    return true;
  }

  #footer(): void {
    const { paper, statement } = this;
    const y = PdfDocument.height - 32;
    const [vendor = ''] = paper.firstLines(statement.vendor, 1, 180, small);
    paper.artifact(() => {
      paper.rule(left, right, y - 12, colours.grid);
      paper.text(vendor, left, y, small);
      paper.pageNumber(PdfDocument.width / 2, y, small);
      paper.text(statement.subscriptionId, right, y, { ...small, size: 6.5 }, 'right');
    });
  }

  /** The prefix of a summary: what kind of row it is if it is not a plain entry, and its reference. */
  #label({ adjustsMonth, reference, summary }: StatedWork, isReversal: boolean): string {
    const { language } = this.statement;
    const labels: string[] = [];
    if (isReversal) labels.push(this.#words.reversal);
    if (adjustsMonth !== null) {
      labels.push(say(this.#words.adjustment, language, { month: monthText(adjustsMonth, language) }));
    }
    if (reference !== null) labels.push(oneLine(reference));
    this.#reversed ||= isReversal;
    this.#adjusted ||= adjustsMonth !== null;
    return labels.length === 0 ? '' : labels.join(' / ') + (summary === '' ? '' : this.#words.colon);
  }
}

const signed = (figure: string): string => figure.replace('-', '−');
