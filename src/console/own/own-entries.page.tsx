import { escapeHtml } from '@kitajs/html';
import type { Month } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import { deliveries, type Delivery } from '../../domain/time-entry.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import type { TimeEntryAnswer } from '../../features/hours/time-entry.dto.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { Bar } from '../parts/bar.js';
import { Choice, formShown } from '../parts/fields.js';
import { Badge, Empty, Panel } from '../parts/layout.js';
import { dayText, minutesText, monthText, shortDayText } from '../words/formats.js';
import { ownPage } from './own-parts.js';
import type { EntriesAsked, OwnEntries, OwnSubscriptions } from './own.service.js';

const words = {
  en: {
    title: 'Work done',
    filter: 'Choose what to show',
    term: 'Term',
    termDays: '{startsOn} to {endsOn}',
    line: 'Product line',
    anyLine: 'All product lines',
    delivery: 'Delivery',
    anyDelivery: 'Remote and onsite',
    apply: 'Show',
    months: 'Hours by month',
    entries: '{entries, plural, one {# entry} other {# entries}}',
    total: 'Total',
    none: 'No work was logged in this term yet.',
    noneFiltered: 'No work of this term matches the choice.',
    entriesOf: 'Work in {month}',
    reversed: 'Taken back',
    reversedNote: 'Taken back: {note}',
    reference: 'Reference {reference}',
    reversedCount: 'Entries that were taken back do not count.',
  },
  ja: {
    title: '作業の記録',
    filter: '表示する内容を選ぶ',
    term: '契約期間',
    termDays: '{startsOn}～{endsOn}',
    line: '製品ライン',
    anyLine: 'すべての製品ライン',
    delivery: '提供形態',
    anyDelivery: 'リモートと訪問',
    apply: '表示する',
    months: '月別のご利用時間',
    entries: '{entries, number}件',
    total: '合計',
    none: 'この契約期間の作業の記録は、まだありません。',
    noneFiltered: '条件に一致する作業の記録はありません。',
    entriesOf: '{month}の作業',
    reversed: '取消済み',
    reversedNote: '取消済み：{note}',
    reference: '参照番号 {reference}',
    reversedCount: '取り消された作業は、合計に含まれません。',
  },
} as const satisfies Record<Language, Record<string, string>>;

interface Shown {
  own: OwnSubscriptions;
  work: OwnEntries;
  asked: EntriesAsked;
  reader: PageReader;
}

/** The work of a term by month. The totals follow the choice. */
export function ownEntriesPage(shown: Shown): ShownPage {
  const { own, work, asked, reader } = shown;
  const { language } = reader;
  const text = words[language];
  const isFiltered = asked.productLineId !== undefined || asked.delivery !== undefined;
  const main = (
    <>
      <Filter {...shown} />
      {work.months.length === 0 ? (
        <Empty text={isFiltered ? text.noneFiltered : text.none} />
      ) : (
        <>
          <Months {...shown} />
          {work.month !== null && <Entries work={work} month={work.month} reader={reader} />}
        </>
      )}
    </>
  );
  return ownPage({ title: text.title, own, path: '/entries', main }, reader);
}

/** The address of a month under the same choice. */
function addressOf({ own, work, asked }: Shown, month: Month): string {
  const query = new URLSearchParams();
  const values = {
    subscriptionId: own.choices.length > 1 ? own.chosen.id : undefined,
    termId: work.term.id === own.chosen.currentTerm.id ? undefined : work.term.id,
    productLineId: asked.productLineId,
    delivery: asked.delivery,
    month,
  };
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, value);
  return `/console/own/entries?${query}#entries`;
}

function Filter({ own, work, asked, reader: { language } }: Shown): JSX.Element {
  const text = words[language];
  const form = formShown(
    { language },
    { termId: work.term.id, productLineId: asked.productLineId ?? '', delivery: asked.delivery ?? '' },
  );
  return (
    <details class="own-choice" open={asked.productLineId !== undefined || asked.delivery !== undefined}>
      <summary>{text.filter}</summary>
      <form method="get" action="/console/own/entries" class="own-filter">
        {own.choices.length > 1 && <input type="hidden" name="subscriptionId" value={own.chosen.id} />}
        {work.terms.length > 1 && (
          <Choice
            name="termId"
            label={text.term}
            form={form}
            options={work.terms.map(({ id, startsOn, endsOn }) => ({
              value: id,
              text: say(text.termDays, language, {
                startsOn: dayText(startsOn, language),
                endsOn: dayText(endsOn, language),
              }),
            }))}
          />
        )}
        <Choice
          name="productLineId"
          label={text.line}
          form={form}
          empty={text.anyLine}
          options={work.productLines.map(({ id, name }) => ({ value: id, text: name }))}
        />
        <Choice
          name="delivery"
          label={text.delivery}
          form={form}
          empty={text.anyDelivery}
          options={deliveries.map((value: Delivery) => ({ value, text: deliveryWords[value][language] }))}
        />
        <button type="submit" class="quiet">
          {text.apply}
        </button>
      </form>
    </details>
  );
}

function Months(shown: Shown): JSX.Element {
  const {
    work: { months, month: here },
    reader: { language },
  } = shown;
  const text = words[language];
  const most = Math.max(...months.map(({ minutes }) => minutes));
  const sum = (field: 'minutes' | 'entries'): number => months.reduce((total, one) => total + one[field], 0);
  const amounts = ({ entries, minutes }: { entries: number; minutes: number }): JSX.Element => (
    <>
      <span class="soft whole" safe>
        {say(text.entries, language, { entries })}
      </span>
      <span class="number whole" safe>
        {minutesText(minutes, language)}
      </span>
    </>
  );
  return (
    <Panel id="months" title={text.months}>
      <ul class="own-months">
        {[...months].reverse().map((month) => (
          <li>
            <a
              href={escapeHtml(addressOf(shown, month.month))}
              aria-current={month.month === here ? 'true' : undefined}
              safe
            >
              {monthText(month.month, language)}
            </a>
            {amounts(month) as 'safe'}
            <Bar whole={most} parts={[{ kind: 'used', amount: month.minutes }]} />
          </li>
        ))}
        <li class="total">
          <span>{text.total}</span>
          {amounts({ entries: sum('entries'), minutes: sum('minutes') })}
        </li>
      </ul>
    </Panel>
  );
}

function Entries({ work, month, reader }: { work: OwnEntries; month: Month; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const standing = work.entries.filter(({ reversal }) => reversal === null);
  const total = standing.reduce((sum, { minutes }) => sum + minutes, 0);
  return (
    <Panel id="entries" title={say(text.entriesOf, language, { month: monthText(month, language) })}>
      <ul class="own-months own-work">
        {work.entries.map((entry) => (
          <Work entry={entry} work={work} language={language} />
        ))}
        <li class="total">
          <span>{text.total}</span>
          <span class="number whole" safe>
            {minutesText(total, language)}
          </span>
        </li>
      </ul>
      {standing.length < work.entries.length && <p class="soft">{text.reversedCount}</p>}
    </Panel>
  );
}

function Work({
  entry,
  work,
  language,
}: {
  entry: TimeEntryAnswer;
  work: OwnEntries;
  language: Language;
}): JSX.Element {
  const { workDate, minutes, summary, activity, delivery, consultantId, productLineId, reference, reversal } = entry;
  const text = words[language];
  const about = [
    work.names.get(consultantId) ?? '',
    work.names.get(productLineId) ?? '',
    activityWords[activity][language],
    deliveryWords[delivery][language],
    ...(reference === null ? [] : [say(text.reference, language, { reference })]),
  ];
  const amount = minutesText(minutes, language);
  return (
    <li>
      <strong>
        <time datetime={workDate} safe>
          {shortDayText(workDate, language, workDate)}
        </time>
      </strong>
      <span class="number whole">{reversal === null ? escapeHtml(amount) : <s safe>{amount}</s>}</span>
      <div class="about">
        <p safe>{summary}</p>
        <p class="soft" safe>
          {about.join(' · ')}
        </p>
        {reversal !== null && (
          <p>
            <Badge
              tone="warn"
              text={
                reversal.customerNote === null
                  ? text.reversed
                  : say(text.reversedNote, language, { note: reversal.customerNote })
              }
            />
          </p>
        )}
      </div>
    </li>
  );
}
