import { daysBetween, type Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { BurnDownMonth } from '../../domain/pace.js';
import { burnDownScale } from '../../features/balances/burn-down-scale.js';
import { say } from '../../platform/sentences.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { dayText, minutesText, numberText, shortDayText } from '../words/formats.js';
import type { BurnDownPoints, LeftPoint } from './burn-down.points.js';
import { burnDownWords } from './burn-down.words.js';

/** What the chart says in words, beside its lines. */
export interface BurnDownShown {
  points: BurnDownPoints;
  months: readonly BurnDownMonth[];
  /** The minutes left of the even plan today. */
  planLeftMinutes: number;
  remainingMinutes: number;
  grantedMinutes: number;
  today: Day;
  endsOn: Day;
}

/** In pixels: the chart is as wide as its place, and always this high. So nothing on the page moves when it appears. */
const height = 240;
const plot = { left: 0, right: 1_000, top: 26, bottom: 210 };
const monthLabelY = 230;

/** More would overlap on a phone. */
const mostStepLabels = 3;

/**
 * The burn-down of a term as a picture, in words and as a table. Lines are drawn in a picture that stretches with the screen; labels
 * and marks are placed in per cent of the width, so letters keep their size on a phone.
 */
export function BurnDownChart({ shown, language }: { shown: BurnDownShown; language: Language }): JSX.Element {
  const { points } = shown;
  const words = burnDownWords[language];
  const scale = burnDownScale({ months: [0], grantedMinutes: points.mostMinutes, usedMinutes: 0 }, plot);
  const x = (at: number): number => round(scale.x(at / points.days));
  const y = (minutes: number): number => round(scale.y(minutes));
  const percent = (at: number): string => `${round((at / points.days) * 100)}%`;
  const path = (line: readonly LeftPoint[]): string =>
    line.map(({ at, minutes }, place) => `${place === 0 ? 'M' : 'L'}${x(at)} ${y(minutes)}`).join('');
  const area =
    points.left.length > 1 ? `${path(points.left)}L${x(points.left.at(-1)!.at)} ${plot.bottom}L0 ${plot.bottom}Z` : '';
  const said = summary(shown, language);

  return (
    <figure class="burn-down">
      <svg width="100%" height={height} role="img" aria-labelledby="burn-down-title burn-down-desc">
        <title id="burn-down-title">{words.title}</title>
        <desc id="burn-down-desc" safe>
          {said}
        </desc>
        {scale.gridHours.map((hours) => (
          <line class="grid" x1="0" x2="100%" y1={y(hours * 60)} y2={y(hours * 60)} />
        ))}
        <svg x="0" y="0" width="100%" height={height} viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none">
          {area !== '' && <path class="area" d={area} />}
          <path class="plan" d={path(points.plan)} vector-effect="non-scaling-stroke" />
          {points.planned.length > 0 && (
            <path class="planned" d={path(points.planned)} vector-effect="non-scaling-stroke" />
          )}
          {points.forecast.length > 0 && (
            <path class="forecast" d={path(points.forecast)} vector-effect="non-scaling-stroke" />
          )}
          <path class="left" d={path(points.left)} vector-effect="non-scaling-stroke" />
        </svg>
        {scale.gridHours
          .filter((hours) => hours > 0)
          .map((hours) => (
            <text class="axis" x="4" y={y(hours * 60) - 4} safe>
              {`${numberText(hours, language)} ${words.hours}`}
            </text>
          ))}
        {points.sessions.map(({ at, minutes }) => (
          <circle class="session" cx={percent(at)} cy={y(minutes)} r="3" />
        ))}
        {points.steps.map((step) => (
          <circle class="step" cx={percent(step.at)} cy={y(step.minutes)} r="4">
            <title safe>{stepText(step, language)}</title>
          </circle>
        ))}
        {points.steps.length <= mostStepLabels &&
          points.steps.map(({ at, minutes, addedMinutes }) => (
            <text class="mark" x={percent(at)} y={y(minutes) - 8} text-anchor={anchorAt(at, points.days)} safe>
              {`+${minutesText(addedMinutes, language)}`}
            </text>
          ))}
        {points.today !== undefined && (
          <>
            <line class="today" x1={percent(points.today)} x2={percent(points.today)} y1="16" y2={plot.bottom} />
            <text class="mark" x={percent(points.today)} y="12" text-anchor={anchorAt(points.today, points.days)}>
              {words.today}
            </text>
          </>
        )}
        {points.expiring.minutes > 0 && (
          <>
            <rect
              class="expiry"
              x="100%"
              width="7"
              transform="translate(-7 0)"
              y={y(points.expiring.minutes)}
              height={round(plot.bottom - y(points.expiring.minutes))}
            />
            <text
              class="mark expiring"
              x="100%"
              dx="-12"
              y={expiryLabelY(y(points.expiring.minutes))}
              text-anchor="end"
              safe
            >
              {say(points.expiring.isForecast ? words.expire : words.expiredShort, language, {
                expiring: minutesText(points.expiring.minutes, language),
              })}
            </text>
          </>
        )}
        <line class="ground" x1="0" x2="100%" y1={plot.bottom} y2={plot.bottom} />
        {shown.months.map(({ startsOn, endsOn }, at) => (
          <text class="axis" x={percent(middleOf(shown, startsOn, endsOn))} y={monthLabelY} text-anchor="middle" safe>
            {monthLabel(startsOn, at, language)}
          </text>
        ))}
      </svg>
      <figcaption>
        <Legend points={points} language={language} />
      </figcaption>
      <details>
        <summary>{words.asTable}</summary>
        <FiguresTable shown={shown} language={language} />
      </details>
    </figure>
  );
}

function Legend({ points, language }: { points: BurnDownPoints; language: Language }): JSX.Element {
  const words = burnDownWords[language];
  const lines = [
    'left' as const,
    'plan' as const,
    ...(points.forecast.length > 0 ? ['forecast' as const] : []),
    ...(points.planned.length > 0 ? ['planned' as const] : []),
  ];
  return (
    <ul class="legend">
      {lines.map((line) => (
        <li>
          <svg width="28" height="10" aria-hidden="true">
            <path class={line} d="M1 5H27" />
          </svg>
          {words[line]}
        </li>
      ))}
    </ul>
  );
}

function FiguresTable({ shown, language }: { shown: BurnDownShown; language: Language }): JSX.Element {
  const words = burnDownWords[language];
  const { months, today, points } = shown;
  const leftAt = (line: readonly LeftPoint[], at: number): number => line.findLast((point) => point.at <= at)!.minutes;
  // After the term, the line ends with what expired. The table shows what was left before that.
  const before = points.left.filter(
    ({ minutes }, place) => minutes !== 0 || points.left[place - 1]?.at !== points.days,
  );
  const rows = months.map((month) => ({ ...month, at: daysBetween(months[0]!.startsOn, month.endsOn) + 1 }));
  const ifBegun = ({ startsOn }: BurnDownMonth, minutes: number): string =>
    startsOn <= today ? minutesText(minutes, language) : '–';
  const columns: TableColumn<(typeof rows)[number]>[] = [
    {
      heading: words.month,
      cell: ({ startsOn, endsOn }) => (
        <span safe>{`${shortDayText(startsOn, language, today)} – ${shortDayText(endsOn, language, today)}`}</span>
      ),
    },
    {
      heading: words.usedInMonth,
      isNumber: true,
      cell: (row) => <span safe>{ifBegun(row, row.usedMinutes)}</span>,
    },
    {
      heading: words.planLeft,
      isNumber: true,
      cell: ({ at }) => <span safe>{minutesText(leftAt(points.plan, at), language)}</span>,
    },
    {
      heading: words.reallyLeft,
      isNumber: true,
      cell: (row) => <span safe>{ifBegun(row, leftAt(before, Math.min(row.at, points.today ?? row.at)))}</span>,
    },
  ];
  return <DataTable caption={words.title} columns={columns} rows={rows} />;
}

/** The state of the term in one or two sentences, also for readers who cannot see the chart. */
function summary(shown: BurnDownShown, language: Language): string {
  const { points, endsOn, today } = shown;
  const words = burnDownWords[language];
  const { expiring } = points;
  const values = {
    left: minutesText(shown.remainingMinutes, language),
    granted: minutesText(shown.grantedMinutes, language),
    planned: minutesText(shown.planLeftMinutes, language),
    expiring: minutesText(expiring.minutes, language),
    today: dayText(today, language),
    endsOn: dayText(endsOn, language),
  };
  if (!expiring.isForecast) return say(expiring.minutes > 0 ? words.expired : words.nothingExpired, language, values);
  const outlook = expiring.minutes > 0 ? words.willExpire : words.willRunOut;
  const sentences = [words.now, outlook].map((sentence) => say(sentence, language, values));
  return sentences.join(language === 'ja' ? '' : ' ');
}

function stepText({ addedMinutes, kind, on }: BurnDownPoints['steps'][number], language: Language): string {
  const word = burnDownWords[language].steps[kind];
  return `${dayText(on, language)}: ${word} +${minutesText(addedMinutes, language)}`;
}

/** In the middle of the bar of what expires, away from the lines that end at its top; above a bar that is too short for that. */
const expiryLabelY = (top: number): number => (plot.bottom - top > 40 ? round((top + plot.bottom) / 2) : top - 6);

/** Labels near an edge stay inside the chart. */
function anchorAt(at: number, days: number): 'start' | 'middle' | 'end' {
  if (at < days * 0.12) return 'start';
  return at > days * 0.88 ? 'end' : 'middle';
}

/** The middle of a service month, in days from the begin of the term. */
function middleOf({ months }: BurnDownShown, startsOn: Day, endsOn: Day): number {
  const first = months[0]!.startsOn;
  return (daysBetween(first, startsOn) + daysBetween(first, endsOn) + 1) / 2;
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A service month by the calendar month in which it begins. In Japanese, only the first month of a year and of the term has its sign. */
function monthLabel(startsOn: Day, at: number, language: Language): string {
  const month = Number(startsOn.slice(5, 7));
  if (language === 'en') return monthNames[month - 1]!;
  return at === 0 || month === 1 ? `${month}月` : String(month);
}

const round = (value: number): number => Math.round(value * 100) / 100;
