import { escapeHtml } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import type { Refusal } from '../../domain/refusal.js';
import { declineValues, headingOf, type RenewalStanding } from '../../features/notices/decline-view.js';
import { declineWords, type DeclineWord } from '../../features/notices/decline-words.js';
import type { NoticeRecord } from '../../features/notices/notice.js';
import { zoneText } from '../../platform/mail/mail-words.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Check, formShown } from '../parts/fields.js';
import { Facts, Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { dayText, minutesText, momentText } from '../words/formats.js';
import { ownAddress, ownPage } from './own-parts.js';
import type { OwnSubscriptions } from './own.service.js';

const own = {
  en: {
    title: 'Renewal and notice',
    choose: 'Which subscription is it about?',
    chooseAbout: 'A notice concerns one subscription. Choose it to see how its renewal stands.',
    over: 'This subscription ended at the end of {endsOn}. There is no renewal to decline.',
  },
  ja: {
    title: '更新と通知',
    choose: '対象のサブスクリプション',
    chooseAbout: '通知はサブスクリプションごとに承ります。更新の状況を確認するサブスクリプションをお選びください。',
    over: 'このサブスクリプションは{endsOn}の満了をもって終了しました。更新の対象ではありません。',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The title of the page, which is also the heading of a receipt's confirmation. */
export const noticeTitle = (language: Language): string => own[language].title;

/** A form of the page that was refused. */
export interface RefusedNoticeForm {
  form: 'notice' | 'withdrawal';
  typed: Readonly<Record<string, string>>;
  refusal: Refusal;
}

interface Shown {
  subscriptionId: string;
  standing: RenewalStanding;
  reader: PageReader;
  refused?: RefusedNoticeForm;
  t: (word: DeclineWord, more?: Record<string, string | number>) => string;
}

/** The page of a customer with several subscriptions who has not chosen one: a legal statement needs a deliberate choice. */
export function noticeChoicePage({ choices }: OwnSubscriptions, reader: PageReader): ShownPage {
  const words = own[reader.language];
  const main = (
    <Panel id="choose" title={words.choose}>
      <p>{words.chooseAbout}</p>
      <ul class="own-seats">
        {choices.map(({ id, name }) => (
          <li>
            <a href={ownAddress('/notice', id, choices)} safe>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </Panel>
  );
  return ownPage({ title: words.title, path: '/notice', main }, reader);
}

/** How the renewal stands, with the form for a notice, or its receipt and the way to withdraw it (§11). */
export function ownNoticePage(
  subscriptions: OwnSubscriptions,
  standing: RenewalStanding,
  reader: PageReader,
  refused?: RefusedNoticeForm,
): ShownPage {
  const { language } = reader;
  const { chosen } = subscriptions;
  const values = declineValues(standing, language, { dayText, hours: minutesText });
  const t: Shown['t'] = (word, more) => say(declineWords[language][word], language, { ...values, ...more });
  const shown: Shown = { subscriptionId: chosen.id, standing, reader, refused, t };
  const main =
    chosen.status !== 'active' ? (
      <p safe>{say(own[language].over, language, values)}</p>
    ) : (
      <>
        <RefusalNotice refusal={refused?.refusal} reader={reader} />
        <Standing {...shown} />
        {standing.given !== undefined && <Receipt {...shown} notice={standing.given} />}
        {standing.given === undefined ? <Notice {...shown} /> : <Withdrawal {...shown} notice={standing.given} />}
        <Terms {...shown} />
      </>
    );
  return ownPage({ title: own[language].title, own: subscriptions, path: '/notice', main }, reader);
}

function Standing({ standing, reader: { language }, t }: Shown): JSX.Element {
  const { given, givenByProvider, withdrawn, isLate, term } = standing;
  const at = (name: string, instant: Date): Record<string, string> => ({
    [name]: momentText(instant, term.timeZone, language),
    timeZone: zoneText(term.timeZone, instant, language),
  });
  const waivedAt = given?.waivedAt ?? null;
  const sentences = [
    givenByProvider && t('byProvider', at('receivedAt', givenByProvider.receivedAt)),
    given && t(given.effective ? 'given' : givenByProvider ? 'givenLateProvider' : 'givenLate'),
    !given && !givenByProvider && t(isLate ? 'late' : 'openRenews'),
    waivedAt !== null && t('waived', at('waivedAt', waivedAt)),
    !given && !givenByProvider && !isLate && t('openNothing'),
    withdrawn &&
      t('withdrawn', {
        ...at('withdrawnAt', withdrawn.withdrawnAt!),
        receivedAt: momentText(withdrawn.receivedAt, term.timeZone, language),
        signedBy: withdrawn.withdrawalSignedBy!,
      }),
  ].filter((sentence) => typeof sentence === 'string');
  return (
    <section class={`notice ${given?.effective ? 'good' : given || isLate ? 'warn' : ''}`} aria-labelledby="standing">
      <h2 id="standing" safe>
        {t(headingOf(standing))}
      </h2>
      {sentences.map((sentence) => (
        <p safe>{sentence}</p>
      ))}
    </section>
  );
}

/** What the customer decides about. */
function Terms({ standing: { term, isLate }, reader: { language }, t }: Shown): JSX.Element {
  const ends = term.renewalState === 'declined';
  const lines = (...texts: string[]): JSX.Element => <>{escapeHtml(texts.join('\n'))}</>;
  return (
    <Panel id="facts" title={t('factsHeading')}>
      <Facts
        facts={[
          { name: t('package'), value: lines(term.package.name[language]) },
          { name: t('term'), value: lines(t('termDays')) },
          { name: t('deadline'), value: lines(t('deadlineDay'), t(isLate ? 'deadlinePassed' : 'deadlineZone')) },
          { name: t('nothing'), value: lines(t(ends ? 'nothingEnds' : 'nothingRenews')) },
          ...(ends ? [] : [{ name: t('renewsAs'), value: lines(t('renewsAsPackage'), t('renewsAsTerm')) }]),
          { name: t('hours'), value: lines(t('hoursUsed'), t('hoursExpire')) },
          { name: t('seats'), value: lines(t('seatsUsed'), t(ends ? 'seatsEnd' : 'seatsExpire')) },
          { name: t('csm'), value: lines(term.csmName, term.csmEmail) },
        ]}
      />
    </Panel>
  );
}

function Receipt({ standing, reader: { language }, t, notice }: Shown & { notice: NoticeRecord }): JSX.Element {
  const { term, givenByProvider } = standing;
  const how = notice.recordedByLink === null ? notice.channel : 'link';
  const receivedAt = momentText(notice.receivedAt, term.timeZone, language);
  const timeZone = zoneText(term.timeZone, notice.receivedAt, language);
  const contact = notice.recordedByLink?.contactName ?? '';
  const follows = notice.effective ? 'followsEnds' : givenByProvider ? 'followsProvider' : 'followsRenews';
  return (
    <Panel id="receipt" title={t('receiptHeading')}>
      <Facts
        facts={[
          { name: t('receiptNumber'), value: <strong safe>{notice.id}</strong> },
          { name: t('receiptAt'), value: <>{escapeHtml(t('receiptAtText', { receivedAt, timeZone }))}</> },
          { name: t('receiptSignedBy'), value: <>{escapeHtml(notice.signedBy)}</> },
          { name: t('receiptHow'), value: <>{escapeHtml(t('receiptHowText', { how, contact }))}</> },
          ...(notice.note === null ? [] : [{ name: t('receiptNote'), value: <>{escapeHtml(notice.note)}</> }]),
          { name: t('receiptFollows'), value: <>{escapeHtml(`${t(follows)}\n${t('receiptMailed')}`)}</> },
        ]}
      />
    </Panel>
  );
}

/** The values of a form, if it is the one that was refused. */
function formOf({ reader, refused }: Shown, form: RefusedNoticeForm['form']): FormShown {
  const again = refused?.form === form ? refused : undefined;
  return formShown(reader, again?.typed, again?.refusal);
}

function Notice(shown: Shown): JSX.Element {
  const { subscriptionId, standing, reader, t } = shown;
  const form = formOf(shown, 'notice');
  return (
    <Panel id="give" title={t('giveHeading')}>
      {standing.isLate && <p safe>{t('lateForm')}</p>}
      <p>
        <q safe>{t('giveStatement').replace(/^[“「]|[”」]$/g, '')}</q>
      </p>
      {!standing.isLate && <p safe>{t('giveFollows')}</p>}
      <ActionForm reader={reader} action={`/console/own/notice/${subscriptionId}`}>
        <SignedBy form={form} t={t} />
        <Field form={form} field={{ name: 'note', label: t('note'), lines: 'many', maxLength: 2000 }} />
        <Check name="authorised" label={t('authorised')} form={form} required />
        <button type="submit" class="danger" safe>
          {t(standing.isLate ? 'giveLate' : 'give')}
        </button>
      </ActionForm>
    </Panel>
  );
}

const SignedBy = ({ form, t }: { form: FormShown; t: Shown['t'] }): JSX.Element => (
  <Field
    form={form}
    field={{
      name: 'signedBy',
      label: t('signedBy'),
      hint: t('signedByHint'),
      maxLength: 200,
      required: true,
      autocomplete: 'name',
    }}
  />
);

function Withdrawal({ notice, ...shown }: Shown & { notice: NoticeRecord }): JSX.Element {
  if (!notice.effective) return <></>;
  const { subscriptionId, standing, reader, refused, t } = shown;
  const { canWithdraw, givenByProvider, term } = standing;
  const form = formOf(shown, 'withdrawal');
  if (!canWithdraw) {
    return (
      <Panel id="withdraw" title={t('withdrawHeading')}>
        <p>
          {escapeHtml(t('withdrawClosed'))}{' '}
          <a href={escapeHtml(`mailto:${term.csmEmail}`)} safe>
            {term.csmEmail}
          </a>
        </p>
      </Panel>
    );
  }
  return (
    <Panel id="withdraw" title={t('withdrawHeading')}>
      <p safe>{t(givenByProvider ? 'withdrawOpenProvider' : 'withdrawOpen')}</p>
      <details open={refused?.form === 'withdrawal'}>
        <summary safe>{t('withdrawSummary')}</summary>
        <ActionForm reader={reader} action={`/console/own/notice/${subscriptionId}/withdrawal`}>
          <input type="hidden" name="noticeId" value={notice.id} />
          <SignedBy form={form} t={t} />
          <Field
            form={form}
            field={{ name: 'reason', label: t('withdrawReason'), required: true, lines: 'many', maxLength: 2000 }}
          />
          <button type="submit" safe>
            {t('withdraw')}
          </button>
        </ActionForm>
      </details>
    </Panel>
  );
}
