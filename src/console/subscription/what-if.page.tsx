import type { PackageVersion } from '../../domain/package.js';
import type { Refusal } from '../../domain/refusal.js';
import type { WhatIfAnswer } from '../../features/what-if/what-if.dto.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Choice, formShown } from '../parts/fields.js';
import { Panel } from '../parts/layout.js';
import { dayText, minutesText, numberText } from '../words/formats.js';
import { mailKindText } from './mail-kind-text.js';
import { renewalWords } from './renewal.words.js';
import { may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import type { SubscriptionHead } from './subscription.head.js';
import { subscriptionWords } from './subscription.words.js';
import { whatIfWords } from './terms.words.js';

/** A question with its answer beside the present figures. */
export interface WhatIf {
  head: SubscriptionHead;
  typed: FormShown['typed'];
  packages: readonly PackageVersion[];
  /** Null if the changes are impossible, or the subscription has ended. */
  now: WhatIfAnswer | null;
  /** Null without a question. */
  then: WhatIfAnswer | null;
  refusal: Refusal | undefined;
}

/** What an upgrade, a top-up, a notice or another use would lead to. Its address can be sent to a colleague. */
export function whatIfPage(shown: WhatIf, reader: PageReader): ShownPage {
  const { head, refusal, now, then } = shown;
  const words = whatIfWords[reader.language];
  return sectionPage(
    head,
    'what-if',
    reader,
    <div class="columns wide-last">
      <Panel id="question" title={words.heading}>
        <p class="hint">{words.hint}</p>
        <Refused refusal={refusal} reader={reader} />
        <Question shown={shown} reader={reader} />
      </Panel>
      {now !== null && (
        <Panel id="result" title={words.result}>
          <Result now={now} then={then} shown={shown} reader={reader} />
        </Panel>
      )}
    </div>,
  );
}

function Question({
  shown: { head, typed, packages, refusal },
  reader,
}: {
  shown: WhatIf;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const words = whatIfWords[language];
  const shared = subscriptionWords[language];
  const form = formShown(reader, typed, refusal);
  const path = sectionPath(head.id, 'what-if');
  return (
    <form method="get" action={path}>
      <fieldset>
        <legend>{words.upgrade}</legend>
        <div class="fields">
          <Choice
            name="package"
            label={words.package}
            empty={words.noUpgrade}
            options={packages.map(({ code, name }) => ({ value: code, text: name[language] }))}
            form={form}
          />
          <Field field={{ name: 'packageOn', label: words.packageOn, type: 'date', maxLength: 10 }} form={form} />
        </div>
      </fieldset>
      <fieldset>
        <legend>{words.topUp}</legend>
        <div class="fields">
          <Field
            field={{ name: 'topUpHours', label: words.topUpHours, hint: shared.hoursHint, maxLength: 20 }}
            form={form}
          />
          <Field field={{ name: 'topUpOn', label: words.topUpOn, type: 'date', maxLength: 10 }} form={form} />
        </div>
      </fieldset>
      <fieldset>
        <legend>{words.use}</legend>
        <Field
          field={{ name: 'monthlyHours', label: words.monthly, hint: words.monthlyHint, maxLength: 20 }}
          form={form}
        />
      </fieldset>
      <fieldset>
        <legend>{words.notice}</legend>
        <Field field={{ name: 'noticeOn', label: words.noticeOn, type: 'date', maxLength: 10 }} form={form} />
      </fieldset>
      <div class="row">
        <button type="submit">{words.ask}</button>
        <a class="button quiet" href={path}>
          {words.clear}
        </a>
      </div>
    </form>
  );
}

/** The figures of an answer in words, by their row. */
function figuresOf({ balance, renewal, notice }: WhatIfAnswer, shown: WhatIf, { language }: PageReader): string[] {
  const words = whatIfWords[language];
  const text = (minutes: number): string => minutesText(minutes, language);
  const { differenceMinutes } = balance.pace;
  const against = { minutes: text(Math.abs(differenceMinutes)) };
  const { exhaustedOn, expiringMinutes } = balance.forecast;
  const { next } = renewal;
  const name = shown.packages.find(({ code }) => code === next?.package)?.name[language] ?? next?.package ?? '';
  const any = subscriptionWords[language].any;
  const { maxVisits } = balance.onsite;
  return [
    text(balance.grantedMinutes),
    text(balance.remainingMinutes),
    text(balance.unallocatedMinutes),
    text(balance.onsite.capMinutes),
    maxVisits === null ? any : numberText(maxVisits, language),
    numberText(balance.seats.max, language),
    differenceMinutes === 0 ? words.even : say(differenceMinutes > 0 ? words.ahead : words.behind, language, against),
    exhaustedOn === null ? words.never : dayText(exhaustedOn, language),
    text(expiringMinutes),
    next === null
      ? say(words.ends, language, { endsOn: dayText(shown.head.term.endsOn, language) })
      : say(words.renews, language, { package: name, granted: text(next.grantedMinutes) }),
    notice === null ? '–' : notice.effective ? words.effective : words.late,
  ];
}

function Result({
  now,
  then,
  shown,
  reader,
}: {
  now: WhatIfAnswer;
  then: WhatIfAnswer | null;
  shown: WhatIf;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const words = whatIfWords[language];
  const { head, typed } = shown;
  const names = [
    words.granted,
    words.left,
    words.unallocated,
    words.onsiteCap,
    words.visits,
    words.seats,
    words.pace,
    words.runsOut,
    say(words.expires, language, { endsOn: dayText(head.term.endsOn, language) }),
    words.renewal,
    words.noticeEffect,
  ];
  const present = figuresOf(now, shown, reader);
  const changed = then === null ? present : figuresOf(then, shown, reader);
  const rows = names.map((name, at) => ({ name, now: present[at]!, then: changed[at]! }));
  const columns: TableColumn<(typeof rows)[number]>[] = [
    { heading: words.figure, cell: ({ name }) => <span safe>{name}</span> },
    { heading: words.today, cell: (row) => <span safe>{row.now}</span> },
    ...(then === null
      ? []
      : [
          {
            heading: words.then,
            cell: (row: (typeof rows)[number]) =>
              row.now === row.then ? <span safe>{row.then}</span> : <strong safe>{row.then}</strong>,
          },
        ]),
  ];
  const { mails } = then ?? now;
  return (
    <>
      <DataTable caption={words.result} columns={columns} rows={rows} />
      <h3>{words.mails}</h3>
      {mails.length === 0 ? (
        <p class="soft">{words.noMails}</p>
      ) : (
        <ul>
          {mails.map(({ kind, on, recipients }) => (
            <li safe>
              {`${dayText(on, language)}: ${mailKindText(kind, language)} (${[...new Set(recipients)]
                .map((role) => renewalWords[language].recipients[role])
                .join(', ')})`}
            </li>
          ))}
        </ul>
      )}
      {then !== null && (
        <p class="row">
          {typed.package !== undefined && may(reader, 'upgrades.write') && (
            <a class="button quiet" href={`${sectionPath(head.id, 'renewal')}#upgrade`}>
              {words.recordUpgrade}
            </a>
          )}
          {typed.topUpHours !== undefined && may(reader, 'top-ups.enter') && (
            <a class="button quiet" href={sectionPath(head.id, 'top-ups')}>
              {words.recordTopUp}
            </a>
          )}
        </p>
      )}
    </>
  );
}
