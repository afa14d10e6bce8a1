import type { Language } from '../../domain/language.js';
import type { MailPage } from '../../platform/mail/layout.js';
import { momentText, oneLine, zoneText } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';

export const signInLinkKind = 'sign-in-link';
export const invitationKind = 'invitation';

/** The stored facts of a mail with a link. They do not contain the link's token: it is made when the mail is written. */
export interface SignInLinkFacts {
  linkId: string;
  /** The page of the console to which the link leads. */
  returnTo: string | null;
}

/** The stored facts of an invitation. */
export interface InvitationFacts {
  linkId: string;
  invitedBy: string;
  expiresAt: string;
  timeZone: string;
}

interface Reader {
  /** On one line. */
  name: string;
  url: string;
}

const sentences = {
  en: {
    greeting: 'Dear {recipient},',
    linkSubject: '[TRM] Your link to sign in',
    link: 'With this link, you sign in to the TRM console. It works once, within 15 minutes, in the browser in which you asked for it.',
    linkButton: 'Sign in',
    unasked:
      'If you did not ask for this link, you can ignore this mail: the link works in no other browser. This message was sent automatically.',
    invitationSubject: '[TRM] {by} invites you to the TRM console',
    invitation:
      '{by} invites you to the TRM console, where you see hours, deadlines and reports of TRM subscriptions. You need no password: whenever you want to sign in later, the console mails you a link.',
    invitationEnds: 'The invitation works once, until {until} ({zone}).',
    invitationButton: 'Open the TRM console',
    automatic: 'This message was sent automatically. Please do not pass the link on: it signs in as you.',
  },
  ja: {
    greeting: '{recipient} 様',
    linkSubject: '【TRM】サインイン用リンクのお知らせ',
    link: '下記のリンクから TRM コンソールにサインインできます。リンクは、お申し込みになったブラウザーで、15分以内に一度だけお使いいただけます。',
    linkButton: 'サインインする',
    unasked:
      '※ お心当たりのない場合は、本メールを破棄してください。ほかのブラウザーではこのリンクを使用できません。本メールは自動送信されています。',
    invitationSubject: '【TRM】TRM コンソールへのご招待（{by}より）',
    invitation:
      '{by}より、TRM コンソールへのご招待をお送りします。TRM サブスクリプションの時間、期限、レポートをご覧いただけます。パスワードは不要です。次回以降は、サインインの際にリンクをメールでお送りします。',
    invitationEnds: 'ご招待のリンクは、{until}（{zone}）まで、一度だけお使いいただけます。',
    invitationButton: 'TRM コンソールを開く',
    automatic:
      '※ 本メールは自動送信されています。リンクを使うとご本人としてサインインした状態になりますので、第三者に転送しないでください。',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The mail with a link that a user asked for on the sign-in page. */
export function signInLinkMail({ name, url }: Reader, language: Language): MailPage {
  const words = sentences[language];
  return {
    subject: words.linkSubject,
    blocks: [
      { kind: 'paragraph', text: say(words.greeting, language, { recipient: name }) },
      { kind: 'paragraph', text: words.link },
      { kind: 'button', text: words.linkButton, url },
      { kind: 'small', text: words.unasked },
    ],
  };
}

/** The mail with which an administrator invites a user. */
export function invitationMail(facts: InvitationFacts, { name, url }: Reader, language: Language): MailPage {
  const words = sentences[language];
  const expiresAt = new Date(facts.expiresAt);
  const values = {
    by: oneLine(facts.invitedBy),
    until: momentText(expiresAt, facts.timeZone, language),
    zone: zoneText(facts.timeZone, expiresAt, language),
  };
  return {
    subject: say(words.invitationSubject, language, values),
    blocks: [
      { kind: 'paragraph', text: say(words.greeting, language, { recipient: name }) },
      { kind: 'paragraph', text: say(words.invitation, language, values) },
      { kind: 'button', text: words.invitationButton, url },
      { kind: 'paragraph', text: say(words.invitationEnds, language, values) },
      { kind: 'small', text: words.automatic },
    ],
  };
}
