import { minutesPerHour } from '../../domain/minutes.js';
import type { Language } from '../../domain/language.js';
import type { Area, Lettering, PdfDocument } from '../../platform/pdf/pdf-document.js';
import { burnDownScale } from '../balances/burn-down-scale.js';
import {
  burnDownColours as colours,
  burnDownLabels,
  monthLabel,
  type BurnDown,
} from '../balances/burn-down.picture.js';

const label: Lettering = { size: 7, colour: colours.text };
const amounts = new Intl.NumberFormat('en');

/**
 * Plan and use, accumulated by service month, as lines and areas. Mails show the same chart as a picture. `alt`
 * describes it in words.
 */
export function drawBurnDown(paper: PdfDocument, burnDown: BurnDown, box: Area, alt: string, language: Language): void {
  paper.figure(alt, box, () => drawFigure(paper, burnDown, box, language));
}

function drawFigure(paper: PdfDocument, burnDown: BurnDown, box: Area, language: Language): void {
  const { months, grantedMinutes, asOf } = burnDown;
  const { canvas } = paper;
  const plot = { left: box.left + 30, right: box.right, top: box.top + 26, bottom: box.bottom - 14 };
  const { x, y, monthWidth, gridHours } = burnDownScale(burnDown, plot);

  for (const hours of gridHours) {
    const at = y(hours * minutesPerHour);
    paper.rule(plot.left, plot.right, at, colours.grid);
    paper.text(amounts.format(hours), plot.left - 5, at + 2.5, label, 'right');
  }
  for (const { month, startsOn, cumulativeUsedMinutes } of months) {
    paper.text(monthLabel(startsOn, language), x(month) + monthWidth / 2, plot.bottom + 11, label, 'centre');
    const top = y(cumulativeUsedMinutes);
    if (startsOn > asOf || top >= plot.bottom) continue;
    canvas.rect(x(month) + monthWidth * 0.25, top, monthWidth * 0.5, plot.bottom - top).fill(colours.used);
  }
  paper.rule(plot.left, plot.right, y(grantedMinutes), colours.strong, 0.8);
  canvas.moveTo(plot.left, plot.bottom);
  for (const { month, cumulativePlannedMinutes } of months) canvas.lineTo(x(month + 1), y(cumulativePlannedMinutes));
  canvas.lineWidth(1.2).dash(3.5, { space: 2.5 }).stroke(colours.planned).undash();
  paper.rule(plot.left, plot.right, plot.bottom, '#9aa5b1', 0.7);
  drawLegend(paper, box, language);
}

/** From right to left, beside the title. */
function drawLegend(paper: PdfDocument, { left, right, top }: Area, language: Language): void {
  const { canvas } = paper;
  const words = burnDownLabels[language];
  const y = top + 8;
  const title = { size: 8.5, colour: colours.strong, bold: true };
  paper.text(words.title, left, y, title);
  paper.text(`(${words.unit})`, left + paper.width(words.title, title) + 5, y, label);
  let end = right;
  const entry = (text: string, sign: (from: number) => void): void => {
    paper.text(text, end, y, label, 'right');
    end -= paper.width(text, label) + 20;
    sign(end);
    end -= 14;
  };
  entry(words.granted, (from) => paper.rule(from, from + 16, y - 2.5, colours.strong, 0.8));
  entry(words.planned, (from) => {
    canvas
      .moveTo(from, y - 2.5)
      .lineTo(from + 16, y - 2.5)
      .lineWidth(1.2)
      .dash(3.5, { space: 2.5 });
    canvas.stroke(colours.planned).undash();
  });
  entry(words.used, (from) => canvas.rect(from + 6, y - 6, 9, 7).fill(colours.used));
}
