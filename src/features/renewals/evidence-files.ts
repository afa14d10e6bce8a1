import type { Actor } from '../../domain/access.js';
import { entitlementOf } from '../../domain/entitlement.js';
import { rebuild, remainingMinutes, type LedgerEntry, type LedgerTotals } from '../../domain/ledger.js';
import type { RenewalDecision } from '../../domain/renewal-decision.js';
import type { FileSum } from '../../platform/archive.js';
import type { ArchiveFile } from '../../platform/zip.js';
import type { MailEvidence } from '../../platform/mail/mail.store.js';
import type { CustomerAnswer } from '../customers/customer.dto.js';
import type { SubscriptionContract, SubscriptionTerm } from '../subscriptions/contract.js';
import { decisionSentences, type DecisionTold } from './decision-sentences.js';
import type { NoticeEvidence, Recorder } from './evidence.store.js';

/** Raised whenever a file is laid out otherwise, so that a reader knows what to expect years later. */
const formatVersion = 3;

/** All that is told of a term beside its ledger, as it stood in one snapshot. */
export interface TermEvidence {
  contract: SubscriptionContract;
  term: SubscriptionTerm;
  closedAt: Date | null;
  customer: CustomerAnswer;
  csm: Recorder;
  productLines: ReadonlyMap<string, { code: string; name: string }>;
  /** The balance as it is kept beside the ledger. */
  kept: LedgerTotals;
  notices: readonly NoticeEvidence[];
  mails: readonly MailEvidence[];
  decision: RenewalDecision;
  lockRanAt: Date | null;
  next: SubscriptionTerm | undefined;
}

/** A ledger as it is read: entry by entry, in batches, as often as it is asked for. */
export type LedgerRead = () => AsyncIterable<readonly LedgerLine[]>;

export interface LedgerLine extends Omit<LedgerEntry, 'timeEntryId'> {
  id: string;
  sequence: number;
  recordedAt: Date;
  timeEntryId: string | null;
  balanceAfterMinutes: number;
}

/** The files that say what was, without those that only vouch for them. */
export function evidenceFiles(evidence: TermEvidence, ledger: LedgerRead): ArchiveFile[] {
  const mails = evidence.mails.map((mail, at) => ({ ...mail, file: mailFile(mail, at, evidence.mails.length) }));
  return [
    json('term.json', termShown(evidence)),
    json('decision.json', decisionShown(evidence)),
    json('notices.json', { termId: evidence.term.id, notices: evidence.notices }),
    { path: 'ledger.json', pieces: () => ledgerJson(evidence, ledger) },
    { path: 'ledger.csv', pieces: () => ledgerCsv(ledger) },
    json('mails.json', { termId: evidence.term.id, mails: mails.map(mailShown) }),
    ...mails.flatMap(({ file, message }) => (file && message ? [{ path: file, pieces: () => [message] }] : [])),
  ];
}

/** Names every file before it, and says of what, when and for whom it was made. */
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

/** One line a file, as `sha256sum -c` reads them. */
export function checksums(sums: () => readonly FileSum[]): ArchiveFile {
  const line = ({ path, sha256 }: FileSum): string => `${sha256}  ${path}\n`;
  return { path: 'SHA256SUMS', pieces: () => [sums().map(line).join('')] };
}

function termShown({ contract, term, closedAt, customer, csm, productLines }: TermEvidence) {
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
    entitlement: entitlementOf(term.periods, term),
    packages: term.periods.map(({ effectiveOn, package: { effectiveOn: publishedOn, ...sold } }) => ({
      inForceFrom: effectiveOn,
      ...sold,
      publishedOn,
    })),
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
  const told: DecisionTold = {
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
    inWords: decisionSentences(told),
  };
}

function mailShown({ file, ...mail }: MailEvidence & { file: string | null }) {
  const { id, kind, occasion, recipientRole, recipientName, recipientAddress, locale, subject, messageId } = mail;
  const { status, delivered, queuedAt, sentAt, givenUpBecause, messageSha256, attempts } = mail;
  return {
    ...{ id, kind, occasion, file, sha256: messageSha256, messageId, subject, locale },
    recipient: { role: recipientRole, name: recipientName, address: recipientAddress },
    ...{ status, delivered, queuedAt, sentAt, givenUpBecause, attempts },
  };
}

/** `mails/03-renewal-reminder-75-customer.eml`; null for one that was never written. */
function mailFile({ kind, recipientRole, message }: MailEvidence, at: number, count: number): string | null {
  const number = String(at + 1).padStart(Math.max(2, String(count).length), '0');
  return message && `mails/${number}-${kind}-${recipientRole}.eml`;
}

async function* ledgerJson({ term, kept }: TermEvidence, ledger: LedgerRead): AsyncGenerator<string> {
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

async function* ledgerCsv(ledger: LedgerRead): AsyncGenerator<string> {
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

/** Numbers, days, ids and kinds: nothing of it needs quotes. */
const cell = (value: string | number | Date | null): string =>
  value instanceof Date ? value.toISOString() : String(value ?? '');

/** Adds up the entries while they pass by. */
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
