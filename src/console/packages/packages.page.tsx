import { escapeHtml } from '@kitajs/html';
import { addDays, type Day } from '../../domain/calendar.js';
import { packageCodes, packageOn, type PackageTable, type PackageVersion } from '../../domain/package.js';
import type { VersionInUse } from '../../features/subscriptions/contract.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Panel } from '../parts/layout.js';
import { dayText, numberText } from '../words/formats.js';
import { packagesWords } from './packages.words.js';

/** The first day of the table. Packages of this day have been offered from the beginning. */
const beginning: Day = '2000-01-01';

interface Row {
  name: string;
  value: (version: PackageVersion) => string;
}

/** The published table in each of its versions, newest first. `inUse` is missing for readers who do not see all terms. */
export function packagesPage(
  reader: PageReader,
  table: PackageTable,
  inUse: readonly VersionInUse[] | undefined,
): ShownPage {
  const { language } = reader;
  const words = packagesWords[language];
  const days = [...new Set(packageCodes.flatMap((code) => table[code].map(({ effectiveOn }) => effectiveOn)))];
  const newestFirst = days.sort().reverse();
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        <p class="soft">{words.explanation}</p>
        {newestFirst.map((day, at) => (
          <Panel id={`since-${day}`} title={offeredText(day, newestFirst[at - 1], reader)}>
            <DataTable
              caption={offeredText(day, newestFirst[at - 1], reader)}
              columns={columnsOf(reader, versionsOn(table, day))}
              rows={rowsOf(reader, versionsOn(table, day), inUse)}
            />
          </Panel>
        ))}
      </>
    ),
  };
}

const versionsOn = (table: PackageTable, day: Day): PackageVersion[] =>
  packageCodes.map((code) => packageOn(table, code, day)).filter((version) => version !== undefined);

function offeredText(day: Day, next: Day | undefined, { language }: PageReader): string {
  const words = packagesWords[language];
  const to = next === undefined ? undefined : dayText(addDays(next, -1), language);
  if (day <= beginning) return to === undefined ? words.first : say(words.always, language, { to });
  const from = dayText(day, language);
  return to === undefined ? say(words.since, language, { day: from }) : say(words.until, language, { from, to });
}

function columnsOf({ language }: PageReader, versions: readonly PackageVersion[]): TableColumn<Row>[] {
  return [
    { heading: packagesWords[language].row, cell: ({ name }) => <span safe>{name}</span> },
    ...versions.map((version) => ({
      heading: version.name[language],
      isNumber: true,
      cell: ({ value }: Row) => escapeHtml(value(version)),
    })),
  ];
}

function rowsOf(
  { language }: PageReader,
  versions: readonly PackageVersion[],
  inUse: readonly VersionInUse[] | undefined,
): Row[] {
  const words = packagesWords[language];
  const number = (value: number): string => numberText(value, language);
  const visitsText = (visits: number | null): string =>
    visits === null ? words.anyVisits : say(words.visits, language, { count: visits });
  const termsOf = ({ code, version }: PackageVersion): number =>
    inUse?.find((one) => one.package === code && one.version === version)?.terms ?? 0;
  return [
    {
      name: say(words.hours, language, { months: versions[0]?.termMonths ?? 12 }),
      value: ({ grantedMinutes }) => number(grantedMinutes / 60),
    },
    {
      name: words.onsite,
      value: ({ onsite }) =>
        onsite.included
          ? say(words.onsiteShare, language, { percent: onsite.capPercent, visits: visitsText(onsite.maxVisits) })
          : words.none,
    },
    {
      name: words.expenses,
      value: ({ travelExpenses }) => (travelExpenses === 'included' ? words.expensesIncluded : words.none),
    },
    { name: words.seats, value: ({ learningSeats }) => number(learningSeats) },
    { name: words.consultants, value: ({ maxConsultants }) => number(maxConsultants) },
    { name: words.productLines, value: ({ maxProductLines }) => number(maxProductLines) },
    { name: words.version, value: ({ version }) => version },
    ...(inUse === undefined
      ? []
      : [{ name: words.terms, value: (version: PackageVersion) => number(termsOf(version)) }]),
  ];
}
