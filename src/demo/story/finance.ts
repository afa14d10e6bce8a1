import type { ClosedMonth, DemoDelivery, Identified, Logged, DemoReportFile, DemoTimeEntry } from '../answers.js';
import { amount, counted, duration, good, refusal, table } from '../printer.js';
import { entryOf, nameOf, path, type Work, type World } from '../world.js';
import { expect, type Scene } from './scene.js';

/** The scenes of finance: travel expenses, a report that arrives by mail, and the closing of months. */
export const finance: Scene[] = [
  {
    at: '2026-05-25T01:00:00Z',
    title: 'The travel expenses of a visit',
    async play(world) {
      const visitId = world.visitIds.get('東京本店 2026-05-18')!;
      const fare = { amount: '28640', currency: 'JPY', description: '新幹線 往復 2 名' };
      await world.contracts.sakura.csm.post(`/v1/visits/${visitId}/expenses`, fare);
      good(
        `${nameOf('sakura')}: ${amount(Number(fare.amount))} ${fare.currency} for trains, recorded for finance. Customers never see expenses.`,
      );
    },
  },
  {
    at: '2026-10-02T01:00:00Z',
    title: 'A report that arrives by mail every month',
    async play({ finance }) {
      await finance.post('/v1/report-schedules', {
        report: 'usage-summary',
        format: 'xlsx',
        dayOfMonth: 5,
        locale: 'en',
        recipients: [{ name: 'Ryo Hayashi', email: 'ryo.hayashi@trm.example' }],
      });
      good('On the 5th of each month, Ryo Hayashi of finance receives the usage of the month before as a workbook.');
    },
  },
  {
    at: '2026-10-05T03:00:00Z',
    title: 'The first report has arrived',
    async play({ finance }) {
      const [schedule] = await finance.list<Identified>('/v1/report-schedules');
      const deliveries = await finance.list<DemoDelivery>(`/v1/report-schedules/${schedule!.id}/deliveries`);
      const sent = deliveries.find(({ status }) => status === 'sent');
      expect(sent !== undefined, 'the report was sent');
      const { subject, recipient, sentAt } = sent!;
      good(`To ${recipient.name} at ${sentAt.slice(0, 16).replace('T', ' ')} UTC, the workbook attached: ${subject}`);
    },
  },
  {
    at: '2027-01-12T15:00:00Z',
    title: 'Finance closes the months of 2026, and a mistake is found later',
    async play(world) {
      const { changedMonths, controlTotals } = await closeMonth(world, '2026-12');
      const { rows, minutes } = controlTotals;
      good(
        `Finance closes December 2026 and all months before it, ${changedMonths.length} in total, from ` +
          `${changedMonths[0]}. December alone has ${counted(rows, 'line')} and ${duration(minutes)}.`,
      );
      const asClosed = await november(world);

      const { csm } = world.contracts.hudson;
      const work: Work = {
        workDate: '2026-11-12',
        minutes: 75,
        consultant: 'brooks',
        line: 'SEC',
        activity: 'technical-advice',
        summary: 'Design call on remote access',
      };
      const address = path(world, 'hudson', '/time-entries');
      const forgotten = entryOf(world, { ...work, summary: 'Remembered two months later' });
      const problem = await csm.refused('period-closed', 'POST', address, forgotten);
      refusal(`${nameOf('hudson')}: new work of ${work.workDate}`, problem);

      const entries = await csm.list<DemoTimeEntry>(address, { from: work.workDate, to: work.workDate });
      const { id } = entries.find(({ correctsEntryId }) => correctsEntryId !== null)!;
      const reason = 'The call took a quarter of an hour longer';
      await csm.post<Logged>(`/v1/time-entries/${id}/correction`, { ...entryOf(world, work), reason });
      good('An existing entry can still be corrected. The correction counts in January, the first open month:');
      await showAdjustments(world);
      expect(asClosed.equals(await november(world)), 'a closed month is the same file for ever');
      good('The report of November on the basis “closed” has not changed by a byte.');
    },
  },
];

/** Closes a month and all open months before it. */
export function closeMonth({ finance }: World, month: string): Promise<ClosedMonth> {
  return finance.post<ClosedMonth>(`/v1/periods/${month}/close`);
}

const november = ({ finance }: World): Promise<Buffer> =>
  finance.download('/v1/reports/usage-lines?from=2026-11-01&to=2026-11-30&format=csv&basis=closed');

interface UsageLine {
  kind: string;
  workDate: string;
  month: string;
  adjustsMonth: string | null;
  minutes: number;
}

async function showAdjustments({ finance, contracts }: World): Promise<void> {
  const query = `from=2027-01-01&to=2027-01-31&basis=closed&customerId=${contracts.hudson.customerId}`;
  const { data } = await finance.get<DemoReportFile<UsageLine>>(`/v1/reports/usage-lines?${query}`);
  const adjustments = data.filter(({ adjustsMonth }) => adjustsMonth !== null);
  table(
    ['kind', 'work day', 'counts in', 'adjusts', 'minutes'],
    adjustments.map(({ kind, workDate, month, adjustsMonth, minutes }) => [
      kind,
      workDate,
      month,
      adjustsMonth!,
      minutes,
    ]),
  );
}
