import type { ClosedMonth, DemoDelivery, Identified, Logged, DemoReportFile, DemoTimeEntry } from '../answers.js';
import { counted, duration, good, refusal, table } from '../printer.js';
import { entryOf, nameOf, path, type Work, type World } from '../world.js';
import { expect, type Scene } from './scene.js';

/** Who counts what was used: expenses, a report that comes by itself, and books that are closed. */
export const finance: Scene[] = [
  {
    at: '2026-05-25T01:00:00Z',
    title: 'What a visit has cost',
    async play(world) {
      const visitId = world.visitIds.get('東京本店 2026-05-18')!;
      const fare = { amount: '28640', currency: 'JPY', description: '新幹線 往復 2 名' };
      await world.contracts.sakura.csm.post(`/v1/visits/${visitId}/expenses`, fare);
      good(
        `${nameOf('sakura')}: ${fare.amount} ${fare.currency} for trains, noted for finance. The customer never sees it.`,
      );
    },
  },
  {
    at: '2026-10-02T01:00:00Z',
    title: 'A report that comes by itself',
    async play({ finance }) {
      await finance.post('/v1/report-schedules', {
        report: 'usage-summary',
        format: 'xlsx',
        dayOfMonth: 5,
        locale: 'en',
        recipients: [{ name: 'Ryo Hayashi', email: 'ryo.hayashi@trm.example' }],
      });
      good('Ryo Hayashi of finance wants the usage of the month before as a workbook, on the 5th of each month.');
    },
  },
  {
    at: '2026-10-05T03:00:00Z',
    title: 'The first one has come',
    async play({ finance }) {
      const [schedule] = await finance.list<Identified>('/v1/report-schedules');
      const deliveries = await finance.list<DemoDelivery>(`/v1/report-schedules/${schedule!.id}/deliveries`);
      const sent = deliveries.find(({ status }) => status === 'sent');
      expect(sent !== undefined, 'the report has gone out');
      const { subject, recipient, sentAt } = sent!;
      good(`To ${recipient.name} at ${sentAt.slice(0, 16).replace('T', ' ')} UTC, the workbook attached: ${subject}`);
    },
  },
  {
    at: '2027-01-12T15:00:00Z',
    title: 'The books of 2026 are closed, and something is still found wrong',
    async play(world) {
      const { changedMonths, controlTotals } = await closeMonth(world, '2026-12');
      const { rows, minutes } = controlTotals;
      good(
        `Finance closes December, and with it all months before: ${changedMonths.length} of them, from ` +
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
      good('A correction of what there is can still be made. It counts in January, the first open month:');
      await showAdjustments(world);
      expect(asClosed.equals(await november(world)), 'a closed month is the same file for ever');
      good('November as it was closed is still the same file, byte for byte.');
    },
  },
];

/** Closes a month, and all before it that are open. */
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
