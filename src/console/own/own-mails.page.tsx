import { escapeHtml } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import type { MailAnswer, MailList, MailOutcome } from '../../features/mails/mail-list.dto.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { Moment } from '../parts/day-time.js';
import { Badge, Empty, Pager, type Tone } from '../parts/layout.js';
import { ownPage } from './own-parts.js';

const words = {
  en: {
    title: 'Mails to you',
    about: 'All mails that the service sent to your contacts, newest first.',
    none: 'No mail was sent to your contacts yet.',
    to: 'To {name}, {address}',
    unwritten: 'Message from the service',
    outcome:
      '{outcome, select, waiting {Waits to be sent} sent {Sent} filed {Not sent} failed {Could not be delivered} other {Delivery unknown}}',
    more: 'Earlier mails',
  },
  ja: {
    title: 'お送りしたメール',
    about: 'お客様のご連絡先にお送りしたすべてのメールを、新しい順に表示しています。',
    none: 'お送りしたメールは、まだありません。',
    to: '宛先：{name} 様（{address}）',
    unwritten: 'サービスからのお知らせ',
    outcome:
      '{outcome, select, waiting {送信待ち} sent {送信済み} filed {未送信} failed {配信できませんでした} other {配信結果不明}}',
    more: '以前のメール',
  },
} as const satisfies Record<Language, Record<string, string>>;

const tones: Readonly<Record<MailOutcome, Tone>> = {
  waiting: 'plain',
  sent: 'good',
  filed: 'plain',
  failed: 'bad',
  uncertain: 'warn',
};

/** The mails to the customer's contacts, with what became of each. */
export function ownMailsPage({ data, nextCursor }: MailList, reader: PageReader): ShownPage {
  const { language } = reader;
  const text = words[language];
  const main = (
    <>
      <p class="soft">{text.about}</p>
      {data.length === 0 ? (
        <Empty text={text.none} />
      ) : (
        <ul class="panel own-mails">
          {data.map((mail) => (
            <MailLine mail={mail} reader={reader} />
          ))}
        </ul>
      )}
      <Pager
        href={nextCursor === null ? null : `/console/own/mails?cursor=${encodeURIComponent(nextCursor)}`}
        text={text.more}
      />
    </>
  );
  return ownPage({ title: text.title, path: '/mails', main }, reader);
}

function MailLine({ mail, reader }: { mail: MailAnswer; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const { subject, recipient, outcome, sentAt, plannedAt } = mail;
  return (
    <li>
      <p class="row apart">
        <strong>{escapeHtml(subject ?? text.unwritten)}</strong>
        <Badge text={say(text.outcome, language, { outcome })} tone={tones[outcome]} />
      </p>
      <p class="soft" safe>
        {say(text.to, language, { name: recipient.name, address: recipient.address })}
      </p>
      <p class="soft">
        <Moment at={sentAt ?? plannedAt} reader={reader} />
      </p>
    </li>
  );
}
