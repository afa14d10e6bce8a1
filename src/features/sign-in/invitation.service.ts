import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';
import { Refusal } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { linkLifeMs } from '../../domain/sign-in-link.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { tokenHash } from '../../platform/http/access-tokens.js';
import { newId } from '../../platform/ids.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { UserService } from '../people/user.service.js';
import type { InvitationAnswer } from './invitation.dto.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { LinkTokens } from './sign-in-secrets.js';
import { invitationKind, type InvitationFacts } from './sign-in.mail.js';

/** Administrators invite users to the console (§13). */
@Injectable()
export class InvitationService {
  constructor(
    private readonly users: UserService,
    private readonly links: SignInLinkStore,
    private readonly linkTokens: LinkTokens,
    private readonly mails: MailQueue,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  /**
   * Mails a user an invitation, in the user's language or else in that of the administrator. An earlier invitation that was not used
   * works no more.
   * @throws Refusal `not-found`, `user-inactive`
   */
  async invite(tx: Transaction, actor: Actor, userId: string, language: Language): Promise<InvitationAnswer> {
    if (!(await this.users.find(tx, userId))) throw new Refusal('not-found');
    const user = await this.users.holdActive(tx, userId);
    if (!user) throw new Refusal('user-inactive', { id: userId });
    await this.links.forgetUnused(tx, userId, 'invitation');
    const now = this.clock.now();
    const id = newId();
    const expiresAt = new Date(now.getTime() + linkLifeMs.invitation);
    await this.links.insert(tx, {
      id,
      userId,
      kind: 'invitation',
      tokenHash: tokenHash(this.linkTokens.tokenOf(id)),
      browserHash: null,
      invitedBy: actor.userId,
      createdAt: now,
      expiresAt,
    });
    const timeZone = user.timeZone ?? this.rules.houseTimeZone;
    const facts: InvitationFacts = { linkId: id, invitedBy: actor.name, expiresAt: expiresAt.toISOString(), timeZone };
    const mail = {
      kind: invitationKind,
      userId,
      occasion: id,
      recipientRole: 'user' as const,
      recipientName: user.name,
      recipientAddress: user.email,
      locale: user.locale ?? language,
      facts,
      validUntil: expiresAt,
    };
    await this.mails.queueUrgent(tx, mail, now);
    return { id, userId, email: user.email, createdAt: now, expiresAt };
  }

  /** Until when the invitations of these users work. Users without one are missing. */
  async openUntil(tx: Transaction, userIds: readonly string[]): Promise<Map<string, Date>> {
    const links = await this.links.openInvitations(tx, userIds, this.clock.now());
    return new Map(links.map(({ userId, expiresAt }) => [userId, expiresAt]));
  }
}
