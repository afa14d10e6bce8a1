import type { MailProgressAnswer } from './mail.dto.js';
import type { MailRecord } from './mail.store.js';

/** The progress of a queued mail, as all answers show it. */
export function progressOfMail(mail: MailRecord): MailProgressAnswer {
  return {
    status: mail.status,
    subject: mail.subject,
    messageId: mail.messageId,
    plannedAt: mail.leavesAt,
    nextAttemptAt: mail.nextAttemptAt,
    sentAt: mail.sentAt,
    delivered: mail.delivered,
    serverAnswer: mail.serverAnswer,
    attempts: mail.attempts,
    lastError: mail.lastError,
    attemptLog: mail.attemptLog,
  };
}

/** The progress of a mail that is not queued yet. */
export const plannedFor = (plannedAt: Date): MailProgressAnswer => ({
  status: 'planned',
  subject: null,
  messageId: null,
  plannedAt,
  nextAttemptAt: null,
  sentAt: null,
  delivered: false,
  serverAnswer: null,
  attempts: 0,
  lastError: null,
  attemptLog: [],
});
