import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/settings/config.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { htmlOf, textOf } from '../../platform/mail/layout.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { oneLine } from '../../platform/mail/mail-words.js';
import type { MailContent, MailWriter } from '../../platform/mail/mail-writer.js';
import type { QueuedMail } from '../../platform/mail/mail.store.js';
import { LinkTokens } from './sign-in-secrets.js';
import {
  invitationKind,
  invitationMail,
  signInLinkKind,
  signInLinkMail,
  type InvitationFacts,
  type SignInLinkFacts,
} from './sign-in.mail.js';

/** Writes the mails with links to sign in. */
@Injectable()
export class SignInMailWriter implements MailWriter, OnModuleInit {
  constructor(
    private readonly mails: MailQueue,
    private readonly tokens: LinkTokens,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.mails.writtenBy(this);
  }

  writes(kind: string): boolean {
    return kind === signInLinkKind || kind === invitationKind;
  }

  write(_tx: Transaction, { kind, facts, locale, recipientName }: QueuedMail): Promise<MailContent> {
    const { linkId } = facts as SignInLinkFacts | InvitationFacts;
    const reader = { name: oneLine(recipientName), url: this.#urlOf(linkId, facts) };
    const page =
      kind === invitationKind
        ? invitationMail(facts as InvitationFacts, reader, locale)
        : signInLinkMail(reader, locale);
    return Promise.resolve({
      subject: page.subject,
      text: textOf(page, locale),
      html: htmlOf(page, locale),
      pictures: [],
      attachments: [],
    });
  }

  #urlOf(linkId: string, { returnTo }: Partial<SignInLinkFacts>): string {
    const to = returnTo ? `?${new URLSearchParams({ to: returnTo }).toString()}` : '';
    return `${this.config.publicUrl}/console/sign-in/${this.tokens.tokenOf(linkId)}${to}`;
  }
}
