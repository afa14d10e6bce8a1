import { escapeHtml } from '@kitajs/html';
import { dayAt } from '../../domain/calendar.js';
import { say } from '../../platform/sentences.js';
import { reports } from '../../features/reports/reports.js';
import type { ReportScheduleAnswer, ReportScheduleList } from '../../features/schedules/report-schedule.dto.js';
import { addressOf } from '../page/address.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { DayTime } from '../parts/day-time.js';
import { Empty, Pager, Panel } from '../parts/layout.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { reportTabs } from './reports.page.js';
import { words } from './reports.words.js';

/** The reports that go out every month. */
export function schedulesPage({ data, nextCursor }: ReportScheduleList, reader: PageReader): ShownPage {
  const { language } = reader;
  const text = words[language];
  const columns: TableColumn<ReportScheduleAnswer>[] = [
    {
      heading: text.report,
      cell: ({ id, report }) => (
        <a href={`/console/reports/schedules/${id}`} safe>
          {reports[report].title[language]}
        </a>
      ),
    },
    { heading: text.range, cell: ({ period }) => text.periods[period] },
    { heading: text.sentOn, cell: (schedule) => escapeHtml(sentOnText(schedule, reader)) },
    {
      heading: text.next,
      cell: ({ nextAt, timeZone }) => <DayTime day={dayAt(nextAt, timeZone)} reader={reader} short away />,
    },
    { heading: text.recipients, cell: (schedule) => escapeHtml(recipientsOf(schedule, reader)) },
    { heading: text.owner, cell: ({ owner }) => escapeHtml(owner.name) },
  ];
  return {
    title: text.scheduled,
    wide: true,
    main: (
      <>
        <h1>{text.title}</h1>
        {reportTabs('scheduled', reader) as 'safe'}
        <Panel id="schedules" title={text.scheduled}>
          <p class="soft">{text.scheduledLead}</p>
          {data.length === 0 ? (
            <Empty text={text.noSchedules} href="/console/reports" verb={text.noSchedulesNext} />
          ) : (
            <DataTable caption={text.scheduled} columns={columns} rows={data} list />
          )}
          <Pager
            href={nextCursor === null ? null : addressOf('/console/reports/schedules', { cursor: nextCursor })}
            text={text.moreSchedules}
          />
        </Panel>
      </>
    ),
  };
}

export function sentOnText(
  { dayOfMonth, timeOfDay, timeZone }: Pick<ReportScheduleAnswer, 'dayOfMonth' | 'timeOfDay' | 'timeZone'>,
  { language }: Pick<PageReader, 'language'>,
): string {
  return say(words[language].sentOnText, language, { day: dayOfMonth, time: timeOfDay, zone: timeZone });
}

function recipientsOf(
  { recipients, recipientRoles }: ReportScheduleAnswer,
  { language }: Pick<PageReader, 'language'>,
): string {
  const text = words[language];
  const [first, ...others] = [...recipients.map(({ name }) => name), ...recipientRoles.map((role) => text.role[role])];
  return say(text.recipientsText, language, { first: first ?? '', more: others.length });
}
