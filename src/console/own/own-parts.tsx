import { escapeHtml } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import type { BalanceAnswer } from '../../features/ledger/balance.dto.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { Bar, type BarPart } from '../parts/bar.js';
import { Chips, Empty } from '../parts/layout.js';
import { minutesText } from '../words/formats.js';
import { hoursSentence, noCarryOver, type HoursState } from './hours-state.js';
import type { OwnChoice, OwnSubscriptions } from './own.service.js';
import { ownWords } from './own.words.js';

/** The address of a customer's page about a subscription. A query stays away where there is only one subscription. */
export function ownAddress(path: string, id: string, choices: readonly OwnChoice[]): string {
  return choices.length > 1 ? `/console/own${path}?subscriptionId=${id}` : `/console/own${path}`;
}

/** Links to the same page of the customer's other subscriptions. */
export function OwnChooser({
  own: { choices, chosen },
  path,
  language,
}: {
  own: OwnSubscriptions;
  path: string;
  language: Language;
}): JSX.Element {
  if (choices.length < 2) return <></>;
  return (
    <Chips
      label={ownWords[language].choose}
      chips={choices.map(({ id, name, subscription }) => ({
        text: subscription.status === 'active' ? name : `${name} – ${ownWords[language].ended}`,
        href: ownAddress(path, id, choices),
        isOn: id === chosen.id,
      }))}
    />
  );
}

/** A page for customers: its heading, the choice among the subscriptions, and at its end why hours do not carry over. */
export function ownPage(
  { title, own, path, main, status }: Omit<ShownPage, 'wide'> & { own?: OwnSubscriptions; path: string },
  { language }: Pick<PageReader, 'language'>,
): ShownPage {
  return {
    title,
    status,
    main: (
      <>
        <h1 safe>{title}</h1>
        {own !== undefined && <OwnChooser own={own} path={path} language={language} />}
        {main}
        <p class="soft own-why">{noCarryOver[language]}</p>
      </>
    ),
  };
}

/** The page of a customer without any subscription. */
export function withoutSubscription(title: string, reader: Pick<PageReader, 'language'>): ShownPage {
  return ownPage({ title, path: '', main: <Empty text={ownWords[reader.language].none} /> }, reader);
}

/** What is left and what becomes of it, with its number largest. */
export function HoursSentenceLine({ state, language }: { state: HoursState; language: Language }): JSX.Element {
  const { before, number, after } = hoursSentence(state, language);
  return (
    <p class="own-hours-sentence">
      {escapeHtml(before)}
      {number !== '' && (
        <strong class="largest whole" safe>
          {number}
        </strong>
      )}
      {escapeHtml(after)}
    </p>
  );
}

/**
 * Used, planned and open hours of a term: as a bar, and in words beneath it. A list of subscriptions does not read their plans; it then
 * names only what is left.
 */
export function HoursBar({
  balance,
  language,
  withPlans,
}: {
  balance: BalanceAnswer;
  language: Language;
  withPlans: boolean;
}): JSX.Element {
  const words = ownWords[language];
  const { grantedMinutes, usedMinutes, expiredMinutes, remainingMinutes, forecast } = balance;
  const planned = Math.min(forecast.planned?.plannedMinutes ?? 0, remainingMinutes);
  const parts: (BarPart & { name: string })[] = [
    { kind: 'used', amount: usedMinutes, name: words.used },
    { kind: 'planned', amount: planned, name: words.planned },
    { kind: 'expired', amount: expiredMinutes, name: words.expired },
  ];
  const shown = parts.filter(({ amount }) => amount > 0);
  const open = remainingMinutes - planned;
  return (
    <>
      <Bar whole={grantedMinutes} parts={shown} />
      <ul class="own-legend">
        {shown.map(({ kind, amount, name }) => (
          <li>
            <Swatch kind={kind} /> {escapeHtml(`${name} ${minutesText(amount, language)}`)}
          </li>
        ))}
        {open > 0 && (
          <li>
            <Swatch kind="whole" />{' '}
            {escapeHtml(`${withPlans ? words.unplanned : words.left} ${minutesText(open, language)}`)}
          </li>
        )}
      </ul>
      <p class="soft" safe>
        {say(words.topUps, language, { granted: minutesText(grantedMinutes, language) })}
      </p>
    </>
  );
}

const Swatch = ({ kind }: { kind: string }): JSX.Element => (
  <svg class="own-swatch bar" viewBox="0 0 10 10" aria-hidden="true">
    <rect class={kind} width="10" height="10" />
  </svg>
);
