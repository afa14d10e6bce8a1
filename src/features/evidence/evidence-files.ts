import type { Actor } from '../../domain/access.js';
import { entitlementOf } from '../../domain/entitlement.js';
import { rebuild, remainingMinutes, type LedgerEntry, type LedgerTotals } from '../../domain/ledger.js';
import type { RenewalDecision } from '../../domain/renewal-decision.js';
import type { FileSum } from '../../platform/files/archive.js';
import type { ArchiveFile } from '../../platform/files/zip.js';
import type { MailEvidence } from '../../platform/mail/mail.store.js';
import { withMaskedLinks } from '../../platform/mail/personal-links.js';
import type { CustomerAnswer } from '../customers/customer.dto.js';
import type { NoticeRecord, Recorder } from '../notices/notice.js';
import type { TopUp } from '../top-ups/top-up.js';
import type { SubscriptionContract, SubscriptionTerm } from '../subscriptions/contract.js';
import { decisionSentences, type DecisionText } from './decision-sentences.js';

/** Increased when the form of a file changes, so that readers know years later which form a file has. */
const formatVersion = 5;

/** Everything about a term except its ledger and its mails, from one snapshot. */
export interface TermEvidence {
  contract: SubscriptionContract;
  term: SubscriptionTerm;
  closedAt: Date | null;
  customer: CustomerAnswer;
  csm: Recorder;
  productLines: ReadonlyMap<string, { code: string; name: string }>;
  topUps: readonly TopUp[];
  /** The stored balance, to compare with the ledger. */
  kept: LedgerTotals;
  notices: readonly NoticeRecord[];
  mailCount: number;
  decision: RenewalDecision;
  lockRanAt: Date | null;
  next: SubscriptionTerm | undefined;
}

/** Functions that read large data while the archive is written, each time a file needs it. */
export interface EvidenceReads {
  /** The ledger, in batches of entries. */
  ledger: () => AsyncIterable<readonly LedgerLine[]>;
  /** The mails in the order in which they were queued, in batches, without their messages. */
  mails: () => AsyncIterable<readonly MailEvidence[]>;
  /** The MIME of a mail as it was sent. */
  message: (mailId: string) => Promise<Buffer | null>;
}

export interface LedgerLine extends Omit<LedgerEntry, 'timeEntryId'> {
  id: string;
  sequence: number;
  recordedAt: Date;
  timeEntryId: string | null;
  balanceAfterMinutes: number;
}

/** The files of the archive except the manifest and the checksums. Memory holds one mail at a time. */
export async function* evidenceFiles(evidence: TermEvidence, reads: EvidenceReads): AsyncGenerator<ArchiveFile> {
  yield json('term.json', termShown(evidence));
  yield json('decision.json', decisionShown(evidence));
  yield json('notices.json', { termId: evidence.term.id, notices: evidence.notices.map(noticeShown) });
  yield { path: 'ledger.json', pieces: () => ledgerJson(evidence, reads) };
  yield { path: 'ledger.csv', pieces: () => ledgerCsv(reads) };
  yield { path: 'mails.json', pieces: () => mailsJson(evidence, reads) };
  for await (const { id, file } of mailsWithFiles(evidence, reads)) {
    if (file !== null) yield { path: file, pieces: () => messageShown(evidence, reads, id) };
  }
}

/**
 * A personal link in a mail serves as the customer's signature. So it is masked as long as a notice can be given with
 * it. The link of a closed term is invalid, and stays as it was.
 */
const linksMasked = ({ term }: TermEvidence): boolean => term.status !== 'closed';

async function* messageShown(evidence: TermEvidence, { message }: EvidenceReads, mailId: string) {
  const sent = (await message(mailId))!;
  yield linksMasked(evidence) ? withMaskedLinks(sent) : sent;
}

type MailWithFile = MailEvidence & { file: string | null };

async function* mailsWithFiles({ mailCount }: TermEvidence, { mails }: EvidenceReads): AsyncGenerator<MailWithFile> {
  let at = 0;
  for await (const batch of mails()) {
    for (const mail of batch) yield { ...mail, file: mailFile(mail, at++, mailCount) };
  }
}

/** The manifest: all files before it, and of which term, when and for whom the archive was made. */
export function manifest(
  { customer, term }: TermEvidence,
  { name, email, role }: Actor,
  madeAt: Date,
  sums: () => readonly FileSum[],
): ArchiveFile {
  return {
    path: 'manifest.json',
    pieces: () => [
      text({
        formatVersion,
        about: `Evidence of the TRM term ${term.startsOn} to ${term.endsOn} of ${customer.name}`,
        termId: term.id,
        madeAt,
        madeFor: { name, email, role },
        files: sums(),
      }),
    ],
  };
}

/** One line per file, in the form of `sha256sum -c`. */
export function checksums(sums: () => readonly FileSum[]): ArchiveFile {
  const line = ({ path, sha256 }: FileSum): string => `${sha256}  ${path}\n`;
  return { path: 'SHA256SUMS', pieces: () => [sums().map(line).join('')] };
}

function termShown({ contract, term, closedAt, customer, csm, productLines, topUps }: TermEvidence) {
  const { id, number, startsOn, endsOn, startsAt, endsAt, status, renewalState } = term;
  const { noticeDays, noticeDeadlineOn, lockAt, deadlineZone } = term;
  const { subscriptionId, anchorOn, purchasedAt, enteredAt, enteredOn, pacePolicy, nextPackage } = contract;
  const inTerm = contract.enrolments.filter(
    ({ fromOn, untilOn }) => fromOn <= endsOn && (untilOn === null || untilOn > startsOn),
  );
  return {
    term: {
      ...{ id, number, startsOn, endsOn, timeZone: contract.timeZone, startsAt, endsAt },
      ...{ noticeDays, noticeDeadlineOn, noticeDeadlinePassesAt: lockAt, noticeDeadlineTimeZone: deadlineZone },
      ...{ status, renewalState, closedAt },
    },
    entitlement: entitlementOf(term.periods, term, term.topUps),
    packages: term.periods.map(({ effectiveOn, package: { effectiveOn: publishedOn, ...sold } }) => ({
      inForceFrom: effectiveOn,
      ...sold,
      publishedOn,
    })),
    topUps,
    productLines: inTerm.map((enrolment) => ({ ...enrolment, ...named(productLines, enrolment.productLineId) })),
    subscription: {
      ...{ id: subscriptionId, status: contract.status, anchorOn, purchasedAt, enteredAt, enteredOn },
      ...{ pacePolicy, nextPackage },
    },
    customer,
    csm,
  };
}

function named(lines: TermEvidence['productLines'], id: string): { code: string; name: string } {
  const { code, name } = lines.get(id)!;
  return { code, name };
}

function decisionShown({ contract, term, decision, lockRanAt, closedAt, next, notices }: TermEvidence) {
  const { agreesWithRecord, ...derived } = decision;
  const decisionText: DecisionText = {
    decision,
    timeZone: contract.timeZone,
    startsOn: term.startsOn,
    enteredAt: contract.enteredAt,
    lockRanAt,
    next: next ? { package: next.periods[0]!.package.name, startsOn: next.startsOn, endsOn: next.endsOn } : null,
    notices,
  };
  return {
    termId: term.id,
    agreesWithRecord,
    ...derived,
    jobs: { renewalLockRanAt: lockRanAt, rollOverRanAt: closedAt },
    nextTerm: next
      ? { id: next.id, package: next.periods[0]!.package.code, startsOn: next.startsOn, endsOn: next.endsOn }
      : null,
    inWords: decisionSentences(decisionText),
  };
}

/** A notice without the fields of its term, which are in `term.json`. */
function noticeShown(notice: NoticeRecord) {
  const { subscriptionId, termId, noticeDeadlineOn, renewalState, ...shown } = notice;
  return shown;
}

/** One entry per mail; `sha256` is the checksum of the mail as it was sent. */
async function* mailsJson(evidence: TermEvidence, reads: EvidenceReads): AsyncGenerator<string> {
  const { id } = evidence.term;
  yield `{\n  "termId": ${JSON.stringify(id)},\n  "linksMasked": ${linksMasked(evidence)},\n  "mails": [`;
  let separator = '';
  for await (const mail of mailsWithFiles(evidence, reads)) {
    yield `${separator}\n    ${JSON.stringify(mailShown(mail))}`;
    separator = ',';
  }
  yield '\n  ]\n}\n';
}

function mailShown({ file, ...mail }: MailWithFile) {
  const { id, kind, occasion, recipientRole, recipientName, recipientAddress, locale, subject, messageId } = mail;
  const { status, delivered, queuedAt, sentAt, givenUpBecause, messageSha256, attempts } = mail;
  return {
    ...{ id, kind, occasion, file, sha256: messageSha256, messageId, subject, locale },
    recipient: { role: recipientRole, name: recipientName, address: recipientAddress },
    ...{ status, delivered, queuedAt, sentAt, givenUpBecause, attempts },
  };
}

/** `mails/03-renewal-reminder-75-customer.eml`; null for a mail that was never written. */
function mailFile({ kind, recipientRole, messageSha256 }: MailEvidence, at: number, count: number): string | null {
  const number = String(at + 1).padStart(Math.max(2, String(count).length), '0');
  return messageSha256 && `mails/${number}-${kind}-${recipientRole}.eml`;
}

async function* ledgerJson({ term, kept }: TermEvidence, { ledger }: EvidenceReads): AsyncGenerator<string> {
  yield `{\n  "termId": ${JSON.stringify(term.id)},\n  "entries": [`;
  const sum = adding();
  for await (const lines of ledger()) {
    let piece = '';
    for (const line of lines) piece += `${sum.count === 0 ? '' : ','}\n    ${JSON.stringify(sum.take(line))}`;
    yield piece;
  }
  const totals = shown(sum.totals);
  const stored = shown(kept);
  const addsUp = JSON.stringify(totals) === JSON.stringify(stored);
  const end = text({ totals, kept: stored, addsUp });
  yield `\n  ],${end.slice(1)}`;
}

const csvColumns = [
  'sequence',
  'kind',
  'minutes',
  'onsiteMinutes',
  'effectiveOn',
  'recordedAt',
  'timeEntryId',
  'balanceAfterMinutes',
  'id',
] as const;

async function* ledgerCsv({ ledger }: EvidenceReads): AsyncGenerator<string> {
  yield record(csvColumns);
  const sum = adding();
  for await (const lines of ledger()) {
    let piece = '';
    for (const line of lines) {
      const taken = sum.take(line);
      piece += record(csvColumns.map((column) => cell(taken[column])));
    }
    yield piece;
  }
  yield record(['TOTAL', String(sum.count), String(remainingMinutes(sum.totals))]);
}

const record = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;

/** All values are numbers, days, ids and kinds, so none needs quotes. */
const cell = (value: string | number | Date | null): string =>
  value instanceof Date ? value.toISOString() : String(value ?? '');

/** Adds up the entries as they are read. */
function adding() {
  const sum = {
    count: 0,
    totals: rebuild([]),
    take({ sequence, kind, minutes, onsiteMinutes, effectiveOn, ...line }: LedgerLine) {
      const added = rebuild([{ kind, minutes, onsiteMinutes, effectiveOn }]);
      for (const field of Object.keys(added) as (keyof LedgerTotals)[]) sum.totals[field] += added[field];
      sum.count++;
      const { recordedAt, balanceAfterMinutes, timeEntryId, id } = line;
      const amounts = { sequence, kind, minutes, onsiteMinutes, balanceAfterMinutes };
      return { ...amounts, effectiveOn, recordedAt, timeEntryId, id };
    },
  };
  return sum;
}

function shown({ grantedMinutes, usedMinutes, expiredMinutes, onsiteUsedMinutes }: LedgerTotals) {
  const totals = { grantedMinutes, usedMinutes, expiredMinutes };
  return { ...totals, remainingMinutes: remainingMinutes(totals), onsiteUsedMinutes };
}

const json = (path: string, value: object): ArchiveFile => ({ path, pieces: () => [text(value)] });

const text = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
