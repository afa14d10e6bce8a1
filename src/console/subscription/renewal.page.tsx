import { escapeHtml } from '@kitajs/html';
import { dayAt, type Day } from '../../domain/calendar.js';
import type { PackageVersion } from '../../domain/package.js';
import type { Refusal } from '../../domain/refusal.js';
import type { NoticeAnswer } from '../../features/notices/notice.dto.js';
import { channels } from '../../features/notices/notice.js';
import type { ReminderAnswer } from '../../features/renewals/renewal.dto.js';
import { Field } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable } from '../parts/data-table.js';
import { Check, Choice, formShown } from '../parts/fields.js';
import { Badge, Empty, Panel, type Tone } from '../parts/layout.js';
import { dayText, minutesText, momentText, weekdayText } from '../words/formats.js';
import type { Again } from './entries.page.js';
import { mailKindText } from './mail-kind-text.js';
import type { UpgradeConsidered, Renewal } from './renewal.service.js';
import { renewalWords } from './renewal.words.js';
import { FormButtons, may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import type { SubscriptionHead } from './subscription.head.js';
import { subscriptionWords } from './subscription.words.js';

/** Which form of the section was refused, and what was typed in it. */
export type RefusedTermForm = Again & { form: 'next-package' | 'upgrade' | 'mail' };

/** What will happen at the end of the term, who was asked, who answered, and what can be changed. */
export function renewalPage(
  renewal: Renewal,
  considered: UpgradeConsidered,
  reader: PageReader,
  again?: RefusedTermForm,
): ShownPage {
  const { head } = renewal;
  const refusalOf = (form: RefusedTermForm['form']): Refusal | undefined =>
    again?.form === form ? again.refusal : undefined;
  return sectionPage(
    head,
    'renewal',
    reader,
    <>
      <State renewal={renewal} reader={reader} />
      <Notices renewal={renewal} reader={reader} />
      <Timeline renewal={renewal} reader={reader} refusal={refusalOf('mail')} />
      {may(reader, 'upgrades.write') && head.contract.status === 'active' && (
        <div class="columns">
          <Upgrade renewal={renewal} considered={considered} reader={reader} refusal={refusalOf('upgrade')} />
          <NextPackage renewal={renewal} reader={reader} refusal={refusalOf('next-package')} />
        </div>
      )}
    </>,
  );
}

interface Part {
  renewal: Renewal;
  reader: PageReader;
}

const renewalTones: Readonly<Record<string, Tone>> = {
  locked: 'good',
  renewed: 'good',
  declined: 'bad',
  ended: 'plain',
};

function State({ renewal: { head, next }, reader }: Part): JSX.Element {
  const { language } = reader;
  const words = renewalWords[language];
  const { term, contract, today } = head;
  const values = {
    startsOn: dayText(next.startsOn, language),
    package: next.package.name[language],
    granted: minutesText(next.package.grantedMinutes, language),
    deadline: dayText(term.noticeDeadlineOn, language),
    endsOn: dayText(term.endsOn, language),
  };
  const sentences = {
    open: words.mayRenew,
    locked: words.willRenew,
    renewed: words.willRenew,
    declined: words.willEnd,
    ended: words.hasEnded,
  };
  const mayNotify = may(reader, 'notices.give') && contract.status === 'active';
  const isCustomer = reader.actor.role === 'customer';
  return (
    <Panel id="state" title={words.stateHeading}>
      <p class="lead" safe>
        {say(sentences[term.renewalState], language, values)}
      </p>
      <p class="row">
        <Badge
          text={subscriptionWords[language].renewalStates[term.renewalState]}
          tone={renewalTones[term.renewalState] ?? 'plain'}
        />
        <span>
          {words.deadline}: <strong safe>{weekdayText(term.noticeDeadlineOn, language)}</strong>
        </span>
      </p>
      {mayNotify && isCustomer && today <= term.noticeDeadlineOn && (
        <p class="soft" safe>
          {say(words.giveHint, language, values)}
        </p>
      )}
      <p class="row">
        {mayNotify && (
          <a class="button quiet" href={`${sectionPath(head.id, 'renewal')}/notice`}>
            {isCustomer ? words.give : words.record}
          </a>
        )}
        {may(reader, 'evidence.read') && (
          <a class="button quiet" href={`${sectionPath(head.id, 'terms')}/${term.id}/evidence`}>
            {words.evidence}
          </a>
        )}
      </p>
    </Panel>
  );
}

function Notices({ renewal: { head, notices }, reader }: Part): JSX.Element {
  const { language, actor } = reader;
  const words = renewalWords[language];
  const path = `${sectionPath(head.id, 'renewal')}/notices`;
  const isOwn = ({ party }: NoticeAnswer): boolean => actor.role !== 'customer' || party === 'customer';
  return (
    <Panel id="notices" title={words.notices}>
      {notices.length === 0 ? (
        <p class="soft">{words.noNotices}</p>
      ) : (
        <ul class="list-rows">
          {notices.map((notice) => (
            <li>
              <div>
                <p>
                  <strong safe>{say(words.notice, language, { party: notice.party })}</strong>{' '}
                  <NoticeState notice={notice} reader={reader} />
                </p>
                <p safe>
                  {say(words.noticeBy, language, {
                    signedBy: notice.signedBy,
                    receivedAt: momentText(notice.receivedAt, head.contract.timeZone, language),
                  })}
                </p>
                {notice.note !== null && <p safe>{notice.note}</p>}
                {notice.withdrawal !== null && (
                  <p safe>
                    {say(words.withdrawn, language, {
                      at: momentText(notice.withdrawal.at, head.contract.timeZone, language),
                      signedBy: notice.withdrawal.signedBy,
                      reason: notice.withdrawal.reason,
                    })}
                  </p>
                )}
              </div>
              {notice.withdrawal === null && notice.termId === head.term.id && head.contract.status === 'active' && (
                <div class="row">
                  {may(reader, 'notices.withdraw') && isOwn(notice) && (
                    <a class="button quiet" href={`${path}/${notice.id}/withdrawal`}>
                      {actor.role === 'customer' ? words.takeBack : words.withdraw}
                    </a>
                  )}
                  {may(reader, 'notices.waive') && !notice.effective && (
                    <a class="button quiet" href={`${path}/${notice.id}/waiver`}>
                      {words.waive}
                    </a>
                  )}
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function NoticeState({ notice, reader: { language } }: { notice: NoticeAnswer; reader: PageReader }): JSX.Element {
  const words = renewalWords[language];
  if (notice.waiver !== null) return <Badge text={words.waived} tone="warn" />;
  if (notice.effective) return <Badge text={words.effective} tone="warn" />;
  return <Badge text={words.ineffective[notice.reason ?? 'late']} />;
}

/** A moment of the time line: a day of the term, or a mail with its recipients. */
interface TimelineEvent {
  on: Day;
  text: string;
  mails: ReminderAnswer[];
  isToday: boolean;
}

function timelineOf({ head, mails }: Renewal, { language }: PageReader): TimelineEvent[] {
  const { term, today, contract } = head;
  const words = renewalWords[language];
  const ofDay = (on: Day, text: string, isToday = false): TimelineEvent => ({ on, text, mails: [], isToday });
  const groups = new Map<string, TimelineEvent>();
  for (const mail of mails.filter(({ termId }) => termId === term.id)) {
    const key = `${mail.kind} ${mail.plannedAt.toISOString()}`;
    const on = dayAt(mail.sentAt ?? mail.plannedAt, contract.timeZone);
    const event = groups.get(key) ?? { on, text: mailKindText(mail.kind, language), mails: [], isToday: false };
    event.mails.push(mail);
    groups.set(key, event);
  }
  const events = [
    ofDay(term.startsOn, words.events.begins),
    ...groups.values(),
    ofDay(today, words.events.today, true),
    ofDay(term.noticeDeadlineOn, words.events.deadline),
    ofDay(term.endsOn, words.events.end),
  ];
  return events.sort((one, other) => (one.on < other.on ? -1 : Number(one.on > other.on)));
}

const mailTones: Readonly<Record<ReminderAnswer['status'], Tone>> = {
  planned: 'plain',
  queued: 'plain',
  sending: 'plain',
  uncertain: 'warn',
  sent: 'good',
  failed: 'bad',
};

function Timeline({ renewal, reader, refusal }: Part & { refusal: Refusal | undefined }): JSX.Element {
  const { language } = reader;
  const words = renewalWords[language];
  const events = timelineOf(renewal, reader);
  return (
    <Panel id="timeline" title={words.timeline}>
      <Refused refusal={refusal} reader={reader} />
      <ol class="renewal-timeline">
        {events.map(({ on, text, mails, isToday }) => (
          <li class={isToday ? 'today' : undefined}>
            <time datetime={on} safe>
              {dayText(on, language)}
            </time>
            <div>
              <strong safe>{text}</strong>
              {mails.map((mail) => (
                <Mail mail={mail} renewal={renewal} reader={reader} />
              ))}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Mail({ mail, renewal: { head }, reader }: Part & { mail: ReminderAnswer }): JSX.Element {
  const { language, timeZone } = reader;
  const words = renewalWords[language];
  const { recipient, status, attemptLog, lastError } = mail;
  const isFiled = status === 'sent' && !mail.delivered;
  return (
    <div class="mail">
      <span safe>{say(words.mailTo, language, { name: recipient.name, role: words.recipients[recipient.role] })}</span>{' '}
      <Badge text={isFiled ? words.filed : words.mailStatus[status]} tone={isFiled ? 'plain' : mailTones[status]} />
      {attemptLog.length > 0 && (
        <details>
          <summary safe>{say(words.attempts, language, { count: attemptLog.length })}</summary>
          <p class="soft" safe>
            {recipient.address}
          </p>
          <ul>
            {attemptLog.map(({ startedAt, outcome, answer }) => (
              <li>
                <span safe>
                  {say(words.attempt, language, {
                    at: momentText(startedAt, timeZone, language),
                    outcome: words.outcomes[outcome ?? 'running'],
                  })}
                </span>
                {answer !== null && reader.actor.role !== 'customer' && (
                  <>
                    {' '}
                    <code safe>{answer}</code>
                  </>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {status === 'failed' && lastError !== null && reader.actor.role !== 'customer' && (
        <p class="fault" safe>
          {lastError}
        </p>
      )}
      {status === 'failed' && mail.id !== null && may(reader, 'reminders.resend') && (
        <ActionForm reader={reader} action={`${sectionPath(head.id, 'renewal')}/mails/${mail.id}/resend`}>
          <button type="submit" class="quiet">
            {words.resend}
          </button>
        </ActionForm>
      )}
    </div>
  );
}

const packageOptions = (packages: readonly PackageVersion[], { language }: PageReader) =>
  packages.map(({ code, name }) => ({ value: code, text: name[language] }));

function Upgrade({
  renewal,
  considered,
  reader,
  refusal,
}: Part & { considered: UpgradeConsidered; refusal: Refusal | undefined }): JSX.Element {
  const { language } = reader;
  const words = renewalWords[language];
  const { head, upgrades, preview, previewRefusal } = renewal;
  const path = sectionPath(head.id, 'renewal');
  const typed = { upgradeTo: considered.upgradeTo ?? '', upgradeOn: considered.upgradeOn ?? head.today };
  const form = formShown(reader, typed);
  return (
    <Panel id="upgrade" title={words.upgrade}>
      {upgrades.length === 0 ? (
        <p class="soft">{words.noUpgrade}</p>
      ) : (
        <>
          <p class="hint">{words.upgradeHint}</p>
          <Refused refusal={refusal ?? previewRefusal} reader={reader} />
          <form method="get" action={`${path}#upgrade`}>
            <div class="fields">
              <Choice name="upgradeTo" label={words.upgradeTo} options={packageOptions(upgrades, reader)} form={form} />
              <Field field={{ name: 'upgradeOn', label: words.upgradeOn, type: 'date', maxLength: 10 }} form={form} />
            </div>
            <button type="submit" class="quiet">
              {words.preview}
            </button>
          </form>
          {preview !== null && <PreviewOfUpgrade renewal={renewal} reader={reader} />}
        </>
      )}
    </Panel>
  );
}

function PreviewOfUpgrade({ renewal: { head, preview, packages }, reader }: Part): JSX.Element {
  const { language } = reader;
  const words = renewalWords[language];
  const { before, after, package: to, on } = preview!;
  const text = (minutes: number): string => minutesText(minutes, language);
  const dropped = packages.find(({ code }) => code === after.change?.droppedNextPackage);
  const rows = [
    { name: words.granted, before: before.balance.grantedMinutes, after: after.balance.grantedMinutes },
    { name: words.leftNow, before: before.balance.remainingMinutes, after: after.balance.remainingMinutes },
    { name: words.onsiteCap, before: before.balance.onsite.capMinutes, after: after.balance.onsite.capMinutes },
  ];
  return (
    <div class="upgrade-preview">
      <h3>{words.previewHeading}</h3>
      <DataTable
        caption={words.previewHeading}
        columns={[
          { heading: words.figure, cell: ({ name }) => <span>{name}</span> },
          { heading: words.before, isNumber: true, cell: (row) => <span safe>{text(row.before)}</span> },
          {
            heading: words.after,
            isNumber: true,
            cell: (row) => <strong safe>{text(row.after)}</strong>,
          },
        ]}
        rows={rows}
      />
      {dropped !== undefined && <p safe>{say(words.dropsNext, language, { package: dropped.name[language] })}</p>}
      <p class="soft">{words.previewStands}</p>
      <ActionForm reader={reader} action={`${sectionPath(head.id, 'renewal')}/upgrade`}>
        <input type="hidden" name="upgradeTo" value={to.code} />
        <input type="hidden" name="upgradeOn" value={escapeHtml(on)} />
        <button type="submit">{words.recordUpgrade}</button>
      </ActionForm>
    </div>
  );
}

function NextPackage({ renewal, reader, refusal }: Part & { refusal: Refusal | undefined }): JSX.Element {
  const { language } = reader;
  const words = renewalWords[language];
  const { head, next, packages } = renewal;
  const { contract } = head;
  const path = `${sectionPath(head.id, 'renewal')}/next-package`;
  const version = String(contract.version);
  return (
    <Panel id="next-package" title={words.nextPackage}>
      <p safe>{say(words.nextPackageNow, language, { package: next.package.name[language] })}</p>
      <ActionForm reader={reader} action={path}>
        <Refused refusal={refusal} reader={reader} />
        <input type="hidden" name="version" value={version} />
        <Choice
          name="nextPackage"
          label={words.nextPackage}
          options={packageOptions(packages, reader)}
          form={formShown(reader, { nextPackage: next.package.code })}
        />
        <button type="submit" class="quiet">
          {words.setNext}
        </button>
      </ActionForm>
      {contract.nextPackage !== null && (
        <ActionForm reader={reader} action={`${path}/dropped`}>
          <input type="hidden" name="version" value={version} />
          <button type="submit" class="link">
            {words.keepPackage}
          </button>
        </ActionForm>
      )}
    </Panel>
  );
}

/** The form with which staff record a notice, and customers give one. */
export function noticePage(head: SubscriptionHead, reader: PageReader, again?: Again): ShownPage {
  const { language, actor } = reader;
  const words = renewalWords[language];
  const path = sectionPath(head.id, 'renewal');
  const isCustomer = actor.role === 'customer';
  const { term, contract, customer } = head;
  const defaults = { party: 'customer', channel: 'email' };
  const form = formShown(reader, again?.typed ?? defaults, again?.refusal);
  const days = { endsOn: dayText(term.endsOn, language), deadline: dayText(term.noticeDeadlineOn, language) };
  return sectionPage(
    head,
    'renewal',
    reader,
    <Panel id="notice" title={isCustomer ? words.giveHeading : words.recordHeading}>
      {isCustomer && <p safe>{say(words.giveHint, language, days)}</p>}
      <ActionForm reader={reader} action={`${path}/notice`} class="narrow">
        <Refused refusal={again?.refusal} reader={reader} />
        {!isCustomer && (
          <Choice
            name="party"
            label={words.party}
            options={(['customer', 'provider'] as const).map((value) => ({ value, text: words.parties[value] }))}
            form={form}
          />
        )}
        <Field field={{ name: 'signedBy', label: words.signedBy, required: true, maxLength: 200 }} form={form} />
        {!isCustomer && (
          <>
            <Choice
              name="channel"
              label={words.channel}
              options={channels.map((value) => ({ value, text: words.channels[value] }))}
              form={form}
            />
            <div class="fields">
              <Field field={{ name: 'receivedOn', label: words.receivedOn, type: 'date', maxLength: 10 }} form={form} />
              <Field
                field={{
                  name: 'receivedTime',
                  label: say(words.receivedAt, language, { timeZone: contract.timeZone }),
                  type: 'time',
                  maxLength: 5,
                }}
                form={form}
              />
            </div>
            <p class="hint">{words.receivedHint}</p>
          </>
        )}
        <Field field={{ name: 'note', label: words.note, lines: 'many', maxLength: 2_000 }} form={form} />
        {isCustomer && (
          <Check
            name="authorised"
            label={say(words.authorised, language, { customer: customer.name })}
            required
            form={form}
          />
        )}
        <FormButtons backTo={path} reader={reader}>
          <button type="submit">{isCustomer ? words.give : words.record}</button>
        </FormButtons>
      </ActionForm>
    </Panel>,
  );
}

/** The form with which a notice is withdrawn, or a late one is accepted. */
export function noticeChangePage(
  { head, notices }: Renewal,
  { noticeId, change }: { noticeId: string; change: 'withdrawal' | 'waiver' },
  reader: PageReader,
  again?: Again,
): ShownPage {
  const { language, actor } = reader;
  const words = renewalWords[language];
  const path = sectionPath(head.id, 'renewal');
  const notice = notices.find(({ id }) => id === noticeId);
  const form = formShown(reader, again?.typed, again?.refusal);
  const isWaiver = change === 'waiver';
  const signature = (name: string, label: string, hint?: string, required = true): JSX.Element => (
    <Field field={{ name, label, hint, required, maxLength: 200 }} form={form} />
  );
  return sectionPage(
    head,
    'renewal',
    reader,
    notice === undefined ? (
      <Empty text={words.noNotices} href={path} verb={subscriptionWords[language].back} />
    ) : (
      <Panel id="notice-change" title={isWaiver ? words.waiveHeading : words.withdrawHeading}>
        <div class="notice">
          <p>
            <strong safe>{say(words.notice, language, { party: notice.party })}</strong>
          </p>
          <p safe>
            {say(words.noticeBy, language, {
              signedBy: notice.signedBy,
              receivedAt: momentText(notice.receivedAt, head.contract.timeZone, language),
            })}
          </p>
        </div>
        {isWaiver && <p class="hint">{words.waiveHint}</p>}
        <ActionForm reader={reader} action={`${path}/notices/${notice.id}/${change}`} class="narrow">
          <Refused refusal={again?.refusal} reader={reader} />
          {isWaiver ? (
            <>
              {signature('customerSignedBy', words.customerSigned)}
              {signature('providerSignedBy', words.providerSigned)}
            </>
          ) : (
            <>
              {signature('signedBy', words.withdrawSigned)}
              {actor.role !== 'customer' &&
                signature('otherPartySignedBy', words.otherParty, words.otherPartyHint, false)}
            </>
          )}
          <Field
            field={{
              name: 'reason',
              label: subscriptionWords[language].reason,
              lines: 'many',
              required: true,
              maxLength: 2_000,
            }}
            form={form}
          />
          <FormButtons backTo={path} reader={reader}>
            <button type="submit">{isWaiver ? words.waive : words.withdraw}</button>
          </FormButtons>
        </ActionForm>
      </Panel>
    ),
  );
}
