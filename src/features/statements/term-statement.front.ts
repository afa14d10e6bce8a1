import { dateText, dayText, hours, oneLine } from '../../platform/mail/mail-words.js';
import type { Lettering, PdfDocument } from '../../platform/pdf/pdf-document.js';
import { say } from '../../platform/sentences.js';
import { burnDownColours as colours, burnDownLabels } from '../balances/burn-down.picture.js';
import { contractRows, forecastRow, limitRows, paceRows, topUpRows, type Row } from '../usage/usage-blocks.js';
import { drawBurnDown } from './term-statement.chart.js';
import { accent, clockText, dark, grey, heading, left, plain, right, small } from './term-statement.look.js';
import type { TermStatement } from './term-statement.js';
import { termStatementWords } from './term-statement.words.js';

/** Draws the first page up to the entries: whose statement it is, the balance, the forecast and the chart. */
export class FrontPage {
  readonly #words;
  #y = 0;

  constructor(
    private readonly paper: PdfDocument,
    private readonly statement: TermStatement,
  ) {
    this.#words = termStatementWords[statement.language];
  }

  /** Returns where the next content may begin. */
  draw(): number {
    this.#letterhead();
    this.#balance();
    this.#outlook();
    this.#chart();
    return this.#y;
  }

  #letterhead(): void {
    const { paper, statement } = this;
    const { language, customerName, vendor, balance, issuedOn } = statement;
    const words = this.#words;
    paper.artifact(() => paper.canvas.rect(left, 42, right - left, 3).fill(accent));
    paper.element('H1', () => paper.text(words.title, left, 76, { size: 20, colour: dark, bold: true }));
    const vendorLettering = { size: 10, colour: dark, bold: true };
    const [vendorLine = ''] = paper.firstLines(vendor, 1, 200, vendorLettering);
    const asOf = words.asOf + words.colon + dayText(balance.asOf, language);
    const issued = words.issued + words.colon + dayText(issuedOn, language);
    paper.element('P', () => paper.text(vendorLine, right, 64, vendorLettering, 'right'));
    paper.element('P', () => paper.text(asOf, right, 78, small, 'right'));
    paper.element('P', () => paper.text(issued, right, 89, small, 'right'));

    const addressee = { size: 13, colour: dark, bold: true };
    this.#y = 112;
    const customer = say(words.addressee, language, { customer: oneLine(customerName) });
    paper.element('P', () => {
      for (const line of paper.firstLines(customer, 6, right - left, addressee)) {
        paper.text(line, left, this.#y, addressee);
        this.#y += 17;
      }
    });
    const packages = statement.packages.map(({ name, effectiveOn }) =>
      say(words.packageFrom, language, { package: name, day: dateText(effectiveOn, language) }),
    );
    const soldAs = packages.length > 1 ? packages.join(language === 'ja' ? '、' : ', ') : statement.packages[0]!.name;
    const [, ...contract] = contractRows({ ...statement, package: soldAs }, language);
    this.#y += 2;
    this.#y = this.#facts([...contract, ...topUpRows(statement.topUps, language)], left, right, this.#y);
  }

  /** Granted − used − expired = left, as four boxes and a bar. */
  #balance(): void {
    const { paper, statement } = this;
    const { language, balance } = statement;
    const { grantedMinutes, usedMinutes, expiredMinutes, remainingMinutes } = balance;
    const words = this.#words;
    const y = this.#y + 4;
    const gap = 18;
    const width = (right - left - 3 * gap) / 4;
    const boxes = [
      { label: words.granted, minutes: grantedMinutes, before: '' },
      { label: words.used, minutes: usedMinutes, before: '−' },
      { label: words.expired, minutes: expiredMinutes, before: '−' },
      { label: words.remaining, minutes: remainingMinutes, before: '=' },
    ];
    boxes.forEach(({ label, minutes, before }, at) => {
      const x = left + at * (width + gap);
      const isLast = at === boxes.length - 1;
      paper.artifact(() => paper.canvas.roundedRect(x, y, width, 52, 3).fill(isLast ? accent : '#f1f5f7'));
      const colour = isLast ? '#ffffff' : dark;
      const amount = hours(minutes, language);
      const large: Lettering = { size: 14, colour, bold: true };
      const size = Math.min(large.size, (large.size * (width - 16)) / paper.width(amount, large));
      paper.element('P', () => {
        if (before !== '') paper.text(before, x - gap / 2, y + 31, { size: 13, colour: grey }, 'centre');
        paper.text(label, x + 9, y + 14, { size: 7.5, colour: isLast ? '#ffffff' : grey });
        paper.text(amount, x + 9, y + 32, { ...large, size });
        paper.text(clockText(minutes), x + 9, y + 45, { size: 7.5, colour: isLast ? '#ffffff' : grey });
      });
    });
    const bar = { y: y + 62, height: 6 };
    const share = (minutes: number): number => ((right - left) * minutes) / Math.max(1, grantedMinutes);
    // The bar repeats what the boxes and the forecast say in words.
    paper.artifact(() => {
      paper.canvas.rect(left, bar.y, right - left, bar.height).fill(colours.grid);
      if (usedMinutes > 0) paper.canvas.rect(left, bar.y, share(usedMinutes), bar.height).fill(accent);
      if (expiredMinutes > 0) {
        paper.canvas.rect(left + share(usedMinutes), bar.y, share(expiredMinutes), bar.height).fill('#b8c2cc');
      }
      if (!statement.closed) this.#plannedMark(left + share(balance.pace.plannedMinutes), bar.y, bar.height);
    });
    this.#y = bar.y + 36;
  }

  #plannedMark(x: number, y: number, height: number): void {
    const { paper, statement } = this;
    const label: Lettering = { size: 6.5, colour: colours.planned };
    const text = burnDownLabels[statement.language].planned;
    const half = paper.width(text, label) / 2;
    const { canvas } = paper;
    canvas
      .moveTo(x, y - 3)
      .lineTo(x, y + height + 3)
      .lineWidth(1.5)
      .stroke(colours.planned);
    paper.text(text, Math.min(Math.max(x, left + half), right - half), y + height + 11, label, 'centre');
  }

  #outlook(): void {
    const { paper, statement } = this;
    const { language, balance, closed, endsOn } = statement;
    const words = this.#words;
    const middle = left + 292;
    const { expiredMinutes } = balance;
    const expired = { expired: hours(expiredMinutes, language) };
    const rows: Row[] = closed
      ? [
          [words.ended, say(words.endedOn, language, { day: dayText(endsOn, language) })],
          [
            words.expiredAtEnd,
            expiredMinutes === 0 ? words.expiredNothing : say(words.expiredMinutes, language, expired),
          ],
        ]
      : [
          ...paceRows(balance, language),
          forecastRow(balance, language),
          [words.expiresOn, say(words.expiresOnDay, language, { day: dayText(endsOn, language) })],
        ];
    const parts = [
      { title: words.outlook, facts: rows, from: left, to: middle - 14 },
      { title: words.included, facts: limitRows(balance, language), from: middle, to: right },
    ];
    const ends = parts.map(({ title, facts, from, to }) => {
      paper.element('H2', () => paper.text(title, from, this.#y, heading));
      return this.#facts(facts, from, to, this.#y + 15);
    });
    this.#y = Math.max(...ends) + 4;
  }

  #chart(): void {
    const { balance, months, language } = this.statement;
    const { grantedMinutes, usedMinutes, pace, asOf } = balance;
    const burnDown = { months, grantedMinutes, usedMinutes, plannedMinutes: pace.plannedMinutes, asOf };
    const box = { left, right, top: this.#y, bottom: this.#y + 150 };
    const alt = say(this.#words.chart, language, {
      granted: hours(grantedMinutes, language),
      planned: hours(pace.plannedMinutes, language),
      used: hours(usedMinutes, language),
      day: dayText(asOf, language),
    });
    drawBurnDown(this.paper, burnDown, box, alt, language);
    this.#y = box.bottom + 20;
  }

  /** Draws labels in grey with their values beside them, wrapped. Returns where the next line may begin. */
  #facts(rows: readonly Row[], from: number, to: number, y: number): number {
    const { paper } = this;
    const valueX = from + Math.max(86, ...rows.map(([label]) => paper.width(label, small) + 12));
    let at = y;
    for (const [label, value] of rows) {
      paper.element('P', () => {
        paper.text(label, from, at, small);
        for (const line of paper.firstLines(value, 6, to - valueX, plain)) {
          paper.text(line, valueX, at, plain);
          at += 12;
        }
      });
      at += 2;
    }
    return at + 6;
  }
}
