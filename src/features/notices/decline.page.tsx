import { escapeHtml } from '@kitajs/html';
import type { FieldError } from '../../domain/field-errors.js';
import type { Language } from '../../domain/language.js';
import { momentText, zoneText } from '../../platform/mail/mail-words.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { Frame } from '../../platform/pages/frame.js';
import { Words } from '../../platform/pages/words.js';
import { say } from '../../platform/sentences.js';
import { declineValues, headingOf, mailFormats, type DeclineView } from './decline-view.js';
import { declineWords, type DeclineWord } from './decline-words.js';
import type { NoticeRecord } from './notice.js';

/** A form that was refused, with its errors. */
export interface Refused {
  form: 'notice' | 'withdrawal';
  typed: Readonly<Record<string, string>>;
  errors: readonly FieldError[];
}

type Say = (word: DeclineWord, more?: Record<string, string | number>) => string;

interface Shown {
  view: DeclineView;
  language: Language;
  t: Say;
  refused: Refused | undefined;
}

/** The customer's own page about the coming renewal: facts, notice, receipt, withdrawal (§11). */
export function declinePage(view: DeclineView, language: Language, refused?: Refused): JSX.Element {
  const words = declineValues(view, language, mailFormats);
  const t: Say = (word, more) => say(declineWords[language][word], language, { ...words, ...more });
  const shown: Shown = { view, language, t, refused };
  const otherLanguage = `${view.path}?lang=${language === 'ja' ? 'en' : 'ja'}`;
  const title = `${t(view.given ? headingOf(view) : 'title')} – TRM`;
  return (
    <Frame language={language} title={refused ? `${t('faultsTitle')} – ${title}` : title} otherLanguage={otherLanguage}>
      {refused !== undefined && (
        <section class="notice bad" role="alert">
          <h2 safe>{t(refused.errors.length > 0 ? 'faultsTitle' : 'withdrawRefused')}</h2>
        </section>
      )}
      <Standing {...shown} />
      {view.given !== undefined && <Receipt {...shown} notice={view.given} />}
      <Facts {...shown} />
      {view.given ? <Withdrawal {...shown} notice={view.given} /> : <Notice {...shown} />}
      <footer>
        <p>
          <Words text={t('linkOf', { contact: view.contactName })} />
        </p>
      </footer>
    </Frame>
  );
}

/** The state of the renewal in one or two sentences. */
function Standing({ view, t, language }: Shown): JSX.Element {
  const { given, givenByProvider, withdrawn, isLate, term } = view;
  const waivedAt = given?.waivedAt ?? null;
  const at = (instant: Date) => momentText(instant, term.timeZone, language);
  const zoneAt = (instant: Date) => zoneText(term.timeZone, instant, language);
  return (
    <>
      {withdrawn !== undefined && (
        <section class="notice">
          <p>
            <Words
              text={t('withdrawn', {
                receivedAt: at(withdrawn.receivedAt),
                withdrawnAt: at(withdrawn.withdrawnAt!),
                signedBy: withdrawn.withdrawalSignedBy!,
                timeZone: zoneAt(withdrawn.withdrawnAt!),
              })}
            />
          </p>
        </section>
      )}
      <section class={`notice ${given ? (given.effective ? 'good' : 'warn') : isLate ? 'warn' : ''}`}>
        <h1 safe>{t(headingOf(view))}</h1>
        {givenByProvider !== undefined && (
          <p>
            <Words
              text={t('byProvider', {
                receivedAt: at(givenByProvider.receivedAt),
                timeZone: zoneAt(givenByProvider.receivedAt),
              })}
            />
          </p>
        )}
        {given ? (
          <p>
            <Words text={t(given.effective ? 'given' : givenByProvider ? 'givenLateProvider' : 'givenLate')} />
          </p>
        ) : (
          !givenByProvider && (
            <p>
              <Words text={t(isLate ? 'late' : 'openRenews')} />
            </p>
          )
        )}
        {waivedAt !== null && (
          <p>
            <Words text={t('waived', { waivedAt: at(waivedAt), timeZone: zoneAt(waivedAt) })} />
          </p>
        )}
        {!given && !givenByProvider && !isLate && (
          <p>
            <Words text={t('openNothing')} />
          </p>
        )}
      </section>
    </>
  );
}

function Facts({ view: { term, isLate, consoleLink }, t, language }: Shown): JSX.Element {
  const ends = term.renewalState === 'declined';
  return (
    <section class="panel" aria-labelledby="facts">
      <h2 id="facts" safe>
        {t('factsHeading')}
      </h2>
      <dl class="facts">
        <Row label={t('customer')} lines={[term.customerName]} />
        <Row label={t('package')} lines={[term.package.name[language]]} />
        <Row label={t('term')} lines={[t('termDays')]} />
        <Row label={t('deadline')} strong={t('deadlineDay')} lines={[t(isLate ? 'deadlinePassed' : 'deadlineZone')]} />
        <Row label={t('nothing')} lines={[t(ends ? 'nothingEnds' : 'nothingRenews')]} />
        {!ends && <Row label={t('renewsAs')} lines={[t('renewsAsPackage'), t('renewsAsTerm')]} />}
        <Row label={t('hours')} lines={[t('hoursUsed'), t('hoursExpire')]} />
        <Row label={t('seats')} lines={[t('seatsUsed'), t(ends ? 'seatsEnd' : 'seatsExpire')]} />
        <Row label={t('subscription')} lines={[term.subscriptionId]} />
        <Row label={t('csm')} lines={[term.csmName]} address={term.csmEmail} />
      </dl>
      {consoleLink !== undefined && (
        <p>
          <a href={escapeHtml(consoleLink)} safe>
            {t('seeHours')}
          </a>
        </p>
      )}
    </section>
  );
}

function Row({
  label,
  strong,
  lines,
  address,
}: {
  label: string;
  strong?: string;
  lines: readonly string[];
  address?: string;
}): JSX.Element {
  return (
    <div>
      <dt safe>{label}</dt>
      <dd class="lines">
        {strong !== undefined && <strong safe>{strong}</strong>}
        {lines.map((line) => (
          <span>
            <Words text={line} />
          </span>
        ))}
        {address !== undefined && <Address address={address} />}
      </dd>
    </div>
  );
}

function Address({ address }: { address: string }): JSX.Element {
  return (
    <a href={`mailto:${encodeURIComponent(address).replace('%40', '@')}`} safe>
      {address}
    </a>
  );
}

/** The receipt for the customer: what was received, when, and under which number. */
function Receipt({
  view: { term, givenByProvider },
  t,
  language,
  notice,
}: Shown & { notice: NoticeRecord }): JSX.Element {
  const how = notice.recordedByLink === null ? notice.channel : 'link';
  return (
    <section class="panel" aria-labelledby="receipt">
      <h2 id="receipt" safe>
        {t('receiptHeading')}
      </h2>
      <dl class="facts">
        <Row label={t('receiptNumber')} strong={notice.id} lines={[]} />
        <Row label={t('receiptWhat')} lines={[t('receiptWhatText'), term.package.name[language], t('termDays')]} />
        <Row
          label={t('receiptAt')}
          lines={[
            t('receiptAtText', {
              receivedAt: momentText(notice.receivedAt, term.timeZone, language),
              timeZone: zoneText(term.timeZone, notice.receivedAt, language),
            }),
          ]}
        />
        <Row label={t('receiptSignedBy')} lines={[notice.signedBy]} />
        <Row
          label={t('receiptHow')}
          lines={[t('receiptHowText', { how, contact: notice.recordedByLink?.contactName ?? '' })]}
        />
        {notice.note !== null && <Row label={t('receiptNote')} lines={[notice.note]} />}
        <Row
          label={t('receiptFollows')}
          lines={[
            t(notice.effective ? 'followsEnds' : givenByProvider ? 'followsProvider' : 'followsRenews'),
            t('receiptMailed'),
          ]}
        />
      </dl>
    </section>
  );
}

function Notice({ view, t, language, refused }: Shown): JSX.Element {
  const form: FormShown = { language, typed: refused?.typed ?? {}, errors: refused?.errors ?? [] };
  return (
    <section class="panel" aria-labelledby="give">
      <h2 id="give" safe>
        {t('giveHeading')}
      </h2>
      {view.isLate && (
        <p>
          <Words text={t('lateForm')} />
        </p>
      )}
      <p>
        <Words text={t('giveStatement')} />
      </p>
      {!view.isLate && (
        <p>
          <Words text={t('giveFollows')} />
        </p>
      )}
      <form method="post" action={`${view.path}?lang=${language}`}>
        <SignedBy form={form} t={t} />
        <Field form={form} field={{ name: 'note', label: t('note'), lines: 'many', maxLength: 2000 }} />
        <div class="field">
          <label class="check">
            <input type="checkbox" name="authorised" value="yes" required />
            <span safe>{t('authorised')}</span>
          </label>
        </div>
        <button type="submit" class="danger" safe>
          {t(view.isLate ? 'giveLate' : 'give')}
        </button>
      </form>
    </section>
  );
}

function SignedBy({ form, t }: { form: FormShown; t: Say }): JSX.Element {
  const field = { name: 'signedBy', label: t('signedBy'), hint: t('signedByHint'), maxLength: 200 } as const;
  return <Field form={form} field={{ ...field, required: true, autocomplete: 'name' }} />;
}

function Withdrawal({ view, t, language, refused, notice }: Shown & { notice: NoticeRecord }): JSX.Element {
  if (!notice.effective) return <></>;
  const { term, canWithdraw, givenByProvider } = view;
  const form: FormShown = { language, typed: refused?.typed ?? {}, errors: refused?.errors ?? [] };
  const isOpen = refused?.form === 'withdrawal';
  return (
    <section class="panel" aria-labelledby="withdraw">
      <h2 id="withdraw" safe>
        {t('withdrawHeading')}
      </h2>
      {canWithdraw ? (
        <>
          <p>
            <Words text={t(givenByProvider ? 'withdrawOpenProvider' : 'withdrawOpen')} />
          </p>
          <details open={isOpen}>
            <summary safe>{t('withdrawSummary')}</summary>
            <form method="post" action={`${view.path}/withdrawal?lang=${language}`}>
              <input type="hidden" name="noticeId" value={notice.id} />
              <SignedBy form={form} t={t} />
              <Field
                form={form}
                field={{ name: 'reason', label: t('withdrawReason'), required: true, lines: 'many', maxLength: 2000 }}
              />
              <button type="submit" safe>
                {t('withdraw')}
              </button>
            </form>
          </details>
        </>
      ) : (
        <p>
          <span safe>{t('withdrawClosed')}</span> <Address address={term.csmEmail} />
        </p>
      )}
    </section>
  );
}
