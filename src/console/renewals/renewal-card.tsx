import { escapeHtml } from '@kitajs/html';
import { expectations } from '../../domain/outlook.js';
import type { PackageVersion } from '../../domain/package.js';
import type { RenewalCard } from '../../features/renewals/renewal-board.js';
import { Field } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Choice, formShown } from '../parts/fields.js';
import { Badge, type Tone } from '../parts/layout.js';
import { addDays } from '../../domain/calendar.js';
import { dayText, inDaysText, minutesText, shortDayText } from '../words/formats.js';
import { renewalsAddress } from './renewals.query.js';
import type { RefusedRenewalForm, Shown } from './renewals.shown.js';
import { mayEdit, type EditedRenewal } from './renewals.service.js';
import { columnWords, expectationText, expectationTones, renewalsWords, type RenewalsWord } from './renewals.words.js';

interface Part extends Shown {
  card: RenewalCard;
}

/** A renewal: until when a notice is possible, what is left, what the CSM expects, and what to do. */
export function Card(part: Part): JSX.Element {
  const { card, renewals, reader } = part;
  const { language } = reader;
  const t = wordsFor(reader);
  const { subscriptionId, customer, contractNumber, outlook, failedMail, column } = card;
  const { edited, packageNames } = renewals;
  const isEdited = edited?.subscription.id === subscriptionId;
  const about = [packageNames[card.package], ...(contractNumber === null ? [] : [contractNumber]), card.csm];
  return (
    <li class="renewal-card" id={`renewal-${subscriptionId}`} data-item="row">
      <h3>
        <a href={`/console/subscriptions/${subscriptionId}`} safe>
          {customer}
        </a>
      </h3>
      <p class="soft" safe>
        {about.join(' · ')}
      </p>
      <Deadline {...part} />
      <p>
        <strong class="whole" safe>
          {column === 'over'
            ? t('expired', { minutes: minutesText(card.expiredMinutes, language) })
            : t('left', { minutes: minutesText(card.remainingMinutes, language) })}
        </strong>
        {column !== 'over' && (
          <span class="away" safe>
            {card.expiringMinutes > 0
              ? t('expires', { minutes: minutesText(card.expiringMinutes, language) })
              : t('allUsed')}
          </span>
        )}
      </p>
      {card.nextPackage !== null && card.renewsAs !== null && (
        <p safe>
          {t('changesTo', {
            package: packageNames[card.renewsAs.package],
            granted: minutesText(card.renewsAs.grantedMinutes, language),
            day: dayText(card.renewsAs.startsOn, language),
          })}
        </p>
      )}
      {column !== 'over' && (
        <p class="row">
          {renewals.cards !== undefined && <Badge text={columnWords[language][column]} />}
          <Badge
            text={expectationText(outlook?.expectation ?? 'none', language)}
            tone={outlook ? expectationTones[outlook.expectation] : 'plain'}
          />
        </p>
      )}
      {outlook !== null && outlook.nextStep !== null && (
        <p class="soft">
          {escapeHtml(t('nextStep', { step: outlook.nextStep }))}
          {outlook.nextStepOn !== null && (
            <time class="away" datetime={outlook.nextStepOn} safe>
              {shortDayText(outlook.nextStepOn, language, reader.today)}
            </time>
          )}
        </p>
      )}
      {failedMail !== null && <Failed {...part} mail={failedMail} />}
      {isEdited ? <EditForm {...part} edited={edited} /> : mayEdit(reader.actor) && <Verbs {...part} />}
    </li>
  );
}

const wordsFor =
  ({ language }: Pick<PageReader, 'language'>) =>
  (word: RenewalsWord, values: Record<string, string | number> = {}): string =>
    say(renewalsWords[language][word], language, values);

/** The day that matters next: the deadline, or the end of the term. The time line, which is ordered by deadlines, shows both. */
function Deadline({ card, renewals, reader }: Part): JSX.Element {
  const { language } = reader;
  const t = wordsFor(reader);
  const { column, daysToDeadline, daysToEnd, noticeDeadline, endsOn } = card;
  const isOpen = column === 'far' || column === 'near';
  const isTimeline = renewals.cards !== undefined;
  const tone: Tone = column === 'near' ? (daysToDeadline <= mostUrgentDays ? 'bad' : 'warn') : 'plain';
  // Days are counted from today in the customer's zone.
  const today = addDays(endsOn, -daysToEnd);
  return (
    <>
      {(isOpen || isTimeline) && (
        <p>
          {renewalsWords[language].deadline}{' '}
          <time datetime={noticeDeadline} safe>
            {dayText(noticeDeadline, language)}
          </time>{' '}
          <Badge text={inDaysText(noticeDeadline, today, language)} tone={tone} />
        </p>
      )}
      {!isOpen && (
        <p>
          <time datetime={endsOn} safe>
            {t(column === 'over' ? 'endedOn' : 'ends', { day: dayText(endsOn, language) })}
          </time>{' '}
          <Badge text={inDaysText(endsOn, today, language)} />
        </p>
      )}
    </>
  );
}

/** A deadline that is this near stands out most. */
const mostUrgentDays = 7;

/** The page on which a card stands, without an open form. */
const hereOf = ({ renewals: { query } }: Shown): string =>
  renewalsAddress(query, { edit: undefined, subscriptionId: undefined });

function Failed({ mail, reader, ...shown }: Part & { mail: NonNullable<RenewalCard['failedMail']> }): JSX.Element {
  const t = wordsFor(reader);
  return (
    <div class="notice warn">
      <p safe>{t('failed', { recipient: mail.recipient })}</p>
      {mayEdit(reader.actor) && (
        <ActionForm reader={reader} action={`/console/renewals/mails/${mail.id}/resend`}>
          <input type="hidden" name="from" value={escapeHtml(hereOf({ ...shown, reader }))} />
          <button type="submit" class="quiet">
            {renewalsWords[reader.language].resend}
          </button>
        </ActionForm>
      )}
    </div>
  );
}

function Verbs({ card, renewals, reader }: Part): JSX.Element {
  const words = renewalsWords[reader.language];
  const { subscriptionId, customer, column } = card;
  const isGoing = column !== 'over';
  const edit = (what: 'outlook' | 'package'): string =>
    `${renewalsAddress(renewals.query, { edit: what, subscriptionId })}#renewal-${subscriptionId}`;
  const verbs = [
    ...(isGoing && column !== 'declined'
      ? [
          { text: words.notice, href: `/console/notices/new?subscription=${subscriptionId}` },
          { text: words.nextPackage, href: edit('package') },
        ]
      : []),
    ...(isGoing ? [{ text: words.stateOutlook, href: edit('outlook') }] : []),
    { text: words.open, href: `/console/subscriptions/${subscriptionId}` },
  ];
  return (
    <ul class="verbs" aria-label={escapeHtml(wordsFor(reader)('verbs', { customer }))}>
      {verbs.map(({ text, href }) => (
        <li>
          <a href={escapeHtml(href)}>{text}</a>
        </li>
      ))}
    </ul>
  );
}

/** The form for the outlook or the next package, in the card. */
export function EditForm(part: Shown & { edited: EditedRenewal }): JSX.Element {
  return part.edited.what === 'outlook' ? <OutlookForm {...part} /> : <PackageForm {...part} />;
}

interface FormPart extends Shown {
  edited: EditedRenewal;
  refused?: RefusedRenewalForm;
}

function Buttons({ verb, ...shown }: FormPart & { verb: string }): JSX.Element {
  const { edited, reader } = shown;
  return (
    <p class="row">
      <button type="submit" safe>
        {verb}
      </button>
      <a href={escapeHtml(`${hereOf(shown)}#renewal-${edited.subscription.id}`)}>
        {renewalsWords[reader.language].cancel}
      </a>
    </p>
  );
}

function OutlookForm(part: FormPart): JSX.Element {
  const { edited, reader, refused } = part;
  const { language } = reader;
  const words = renewalsWords[language];
  const { subscription, outlook } = edited;
  const present = outlook.outlook;
  const stated = {
    expectation: present?.expectation ?? 'renews',
    reason: present?.reason ?? '',
    nextStep: present?.nextStep ?? '',
    nextStepOn: present?.nextStepOn ?? '',
  };
  const form = formShown(reader, refused?.typed ?? stated, refused?.refusal);
  return (
    <section class="renewal-form" aria-labelledby="edit">
      <h4 id="edit" safe>
        {`${subscription.customerName}: ${words.outlookTitle}`}
      </h4>
      <ActionForm reader={reader} action={`/console/renewals/${subscription.id}/outlook`}>
        <input type="hidden" name="from" value={escapeHtml(hereOf(part))} />
        <input type="hidden" name="version" value={String(outlook.version)} />
        <Choice
          name="expectation"
          label={words.expectation}
          form={form}
          options={expectations.map((value) => ({ value, text: expectationText(value, language) }))}
        />
        <Field form={form} field={{ name: 'reason', label: words.reason, lines: 'many', maxLength: 2_000 }} />
        <Field form={form} field={{ name: 'nextStep', label: words.next, maxLength: 500 }} />
        <Field form={form} field={{ name: 'nextStepOn', label: words.nextOn, type: 'date', maxLength: 10 }} />
        <p class="hint">{words.outlookHint}</p>
        <Buttons {...part} verb={words.saveOutlook} />
      </ActionForm>
    </section>
  );
}

/** Each package is a sentence that says what it would change. */
function PackageForm(part: FormPart): JSX.Element {
  const { edited, reader, refused } = part;
  const { language } = reader;
  const words = renewalsWords[language];
  const { subscription, packages } = edited;
  const { startsOn, present, offered } = packages;
  const chosen = refused?.typed.package ?? subscription.nextPackage ?? present.code;
  const sentence = ({ code, name, grantedMinutes }: PackageVersion): string =>
    say(code === present.code ? words.packageStays : words.packageChanges, language, {
      package: name[language],
      granted: minutesText(grantedMinutes, language),
      grantedBefore: minutesText(present.grantedMinutes, language),
      day: dayText(startsOn, language),
    });
  return (
    <section class="renewal-form" aria-labelledby="edit">
      <ActionForm reader={reader} action={`/console/renewals/${subscription.id}/next-package`}>
        <input type="hidden" name="from" value={escapeHtml(hereOf(part))} />
        <input type="hidden" name="version" value={String(subscription.version)} />
        <fieldset>
          <legend id="edit" safe>
            {`${subscription.customerName}: ${words.packageTitle}`}
          </legend>
          {offered.map((version) => (
            <label class="check">
              <input type="radio" name="package" value={version.code} checked={version.code === chosen} />
              <span safe>{sentence(version)}</span>
            </label>
          ))}
        </fieldset>
        <Buttons {...part} verb={words.savePackage} />
      </ActionForm>
    </section>
  );
}
