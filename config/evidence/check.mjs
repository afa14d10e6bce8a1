/**
 * Checks the evidence of a TRM term in its own folder, without the service and without a network: `node check.mjs`,
 * in Japanese `node check.mjs ja`. The exit code is 0 if everything agrees, otherwise 1.
 *
 * While a term is open, the personal links in its mails are masked, because a notice can be given with them. A masked
 * mail has other bytes than the mail that was sent, whose SHA-256 is in mails.json. The recipient of a link can still
 * prove the mail: `node check.mjs en https://…/decline/…` puts the link back and compares the checksum.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const language = process.argv[2] === 'ja' ? 'ja' : 'en';
const tokensGiven = process.argv.slice(2).flatMap((link) => /\/decline\/([\w-]+)/.exec(link)?.[1] ?? []);

const words = {
  checksums: {
    en: (files) => `all ${files} files have the sizes and checksums that manifest.json and SHA256SUMS state`,
    ja: (files) => `全 ${files} ファイルのサイズと SHA-256 が manifest.json および SHA256SUMS と一致しています`,
  },
  ledger: {
    en: (entries, granted, used, expired, remaining) =>
      `the ledger is complete (entries: ${entries}) and adds up: granted ${granted} − used ${used} − expired ${expired} = remaining ${remaining} minutes`,
    ja: (entries, granted, used, expired, remaining) =>
      `台帳の記録 ${entries} 件に欠番はなく、収支が一致しています：付与 ${granted} − 使用済み ${used} − 失効 ${expired} = 残り ${remaining} 分`,
  },
  mails: {
    en: (mails, delivered, masked) =>
      `${mails} mails (a mail server took ${delivered}) have the stored SHA-256${masked === 0 ? '' : `, except for ${masked} with a masked link`}`,
    ja: (mails, delivered, masked) =>
      `メール ${mails} 通（うちメールサーバーが受理したもの ${delivered} 通）は、${masked === 0 ? '' : `リンクがマスクされた ${masked} 通を除き、`}いずれも記録された SHA-256 と一致しています`,
  },
  masked: {
    en: (masked) =>
      `${masked} ${masked === 1 ? 'mail contains' : 'mails contain'} a personal link that is masked while the term is open, so their bytes differ from the mails that were sent. mails.json has the SHA-256 of the sent mails. To prove them, run this script with the link that the recipient received, or download the evidence again after the end of the term.`,
    ja: (masked) =>
      `メール ${masked} 通に含まれる専用リンクは、契約期間中はマスクされるため、送信されたメールとは内容が異なります。送信されたメールの SHA-256 は mails.json にあります。照合するには、受信者に届いたリンクを引数に指定してこのスクリプトを実行するか、契約期間の終了後に証跡を再度取得してください。`,
  },
  deadline: {
    en: (last, days, deadline, passedAt, zone) =>
      `${last} minus ${days} days is ${deadline}, which ends at ${passedAt} (${zone})`,
    ja: (last, days, deadline, passedAt, zone) =>
      `${last} の ${days} 日前は ${deadline} で、${passedAt}（${zone}）に終了します`,
  },
  decision: {
    en: (state, notices) => `the decision “${state}” follows from the deadline and the notices on record (${notices})`,
    ja: (state, notices) => `判定「${state}」は、通知期限および記録された通知（${notices} 件）と整合しています`,
  },
  stray: {
    en: (file) => `${file} is not part of the evidence`,
    ja: (file) => `${file} は証跡に含まれるファイルではありません`,
  },
  wrong: { en: 'WRONG', ja: '不一致' },
  note: { en: 'note', ja: '注記' },
  fine: { en: 'Everything agrees.', ja: 'すべて一致しています。' },
  broken: {
    en: (count) =>
      `${count === 1 ? 'One error' : `${count} errors`} found: the evidence was changed after it was made, or the record is wrong.`,
    ja: (count) => `${count} 件の不一致があります。証跡が作成後に変更されたか、記録に誤りがあります。`,
  },
};

const wrong = [];

/** Errors are reported in English in both languages, because they name files, fields and values. */
function expect(holds, sentence) {
  if (!holds) wrong.push(sentence);
  return holds;
}

/** Prints one line for a group of checks, or all errors of the group. */
function check(name, work) {
  const before = wrong.length;
  let amounts = [];
  try {
    amounts = work();
  } catch (error) {
    wrong.push(`${name}: ${error.message}`);
  }
  if (wrong.length === before) return console.log(`OK  ${words[name][language](...amounts)}`);
  for (const sentence of wrong.slice(before)) console.log(`${words.wrong[language]}  ${sentence}`);
}

const read = (path) => readFileSync(join(folder, path));
const json = (path) => JSON.parse(read(path).toString('utf8'));
const sha256 = (path) => createHash('sha256').update(read(path)).digest('hex');
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

check('checksums', () => {
  const { files } = json('manifest.json');
  const lines = read('SHA256SUMS').toString('utf8').trimEnd().split('\n');
  const sums = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  for (const { path, size, sha256: kept } of files) {
    expect(statSync(join(folder, path)).size === size, `${path} does not have ${size} bytes`);
    expect(sha256(path) === kept, `${path} does not have the SHA-256 that manifest.json states`);
  }
  for (const [path, kept] of sums)
    expect(sha256(path) === kept, `${path} does not have the SHA-256 that SHA256SUMS states`);
  const named = [...files.map(({ path }) => path), 'manifest.json'];
  const listed = lines.map((line) => `${line.slice(0, 64)}  ${line.slice(66)}`);
  expect(
    same(listed, lines) && same([...sums.keys()], named),
    'SHA256SUMS and manifest.json do not name the same files',
  );
  const known = new Set([...named, 'SHA256SUMS']);
  for (const path of filesIn('')) {
    if (!known.has(path)) console.log(`${words.note[language]}  ${words.stray[language](path)}`);
  }
  return [known.size];
});

check('ledger', () => {
  const { entries, totals, kept, addsUp } = json('ledger.json');
  let balance = 0;
  const sum = { grant: 0, use: 0, expiry: 0, onsite: 0 };
  const kinds = { grant: 'grant', upgrade: 'grant', use: 'use', reversal: 'use', expiry: 'expiry' };
  Object.assign(kinds, { supplement: 'grant', goodwill: 'grant', 'top-up-cancelled': 'grant' });
  kinds['expiry-reversal'] = 'expiry';
  const sign = { grant: 1, upgrade: 1, supplement: 1, goodwill: 1, 'top-up-cancelled': -1 };
  Object.assign(sign, { use: -1, reversal: 1, expiry: -1, 'expiry-reversal': 1 });
  entries.forEach((entry, at) => {
    balance += entry.minutes;
    expect(entry.sequence === at + 1, `ledger.json: entry ${at + 1} has the number ${entry.sequence}`);
    expect(entry.minutes * sign[entry.kind] >= 0, `ledger.json: entry ${at + 1} has the wrong sign`);
    expect(
      entry.balanceAfterMinutes === balance && balance >= 0,
      `ledger.json: the balance after entry ${at + 1} is not ${balance}`,
    );
    sum[kinds[entry.kind]] += entry.minutes;
    sum.onsite -= entry.onsiteMinutes;
  });
  const [granted, used, expired] = [sum.grant, -sum.use, -sum.expiry];
  const found = { grantedMinutes: granted, usedMinutes: used, expiredMinutes: expired };
  const all = { ...found, remainingMinutes: balance, onsiteUsedMinutes: sum.onsite };
  expect(
    same(all, totals) && same(all, kept) && addsUp === true,
    'ledger.json: the totals are not the sums of the entries',
  );
  expect(granted - used - expired === balance, 'ledger.json: granted − used − expired is not the remaining balance');
  const { term, topUps } = json('term.json');
  const amounts = (kind) => same(sorted(ledgerMinutes(entries, kind)), sorted(topUpMinutes(topUps, kind)));
  expect(
    ['supplement', 'goodwill', 'top-up-cancelled'].every(amounts),
    'term.json: the top-ups are not those of ledger.json',
  );
  expect(term.status === 'open' || balance === 0, 'ledger.json: the term is closed, but its balance is not 0');
  const rows = read('ledger.csv').toString('utf8').trimEnd().split('\r\n');
  const [columns] = rows.map((row) => row.split(','));
  entries.forEach((entry, at) => {
    const row = columns.map((column) => String(entry[column] ?? '')).join(',');
    expect(rows[at + 1] === row, `ledger.csv: line ${at + 2} is not entry ${at + 1} of ledger.json`);
  });
  expect(rows.at(-1) === `TOTAL,${entries.length},${balance}`, 'ledger.csv: the last line is not the total');
  return [entries.length, granted, used, expired, balance];
});

/**
 * A mask replaces the token of a link. It is as long as the token and contains its SHA-256. Line breaks may stand
 * inside it.
 */
const softBreak = '(?:=\r?\n)?';
const mask = new RegExp([...'masked--', ...Array(64).fill('[0-9a-f]'), ...'--masked'].join(softBreak), 'g');

/** Whether a masked message equals the sent one once the given tokens replace their masks. */
function isWithLinks(message, kept) {
  const restored = message.replace(mask, (spelt) => {
    const [sum] = /[0-9a-f]{64}/.exec(spelt.replace(/=\r?\n/g, ''));
    const token = tokensGiven.find((each) => createHash('sha256').update(each).digest('hex') === sum);
    let at = 0;
    return token === undefined ? spelt : spelt.replace(/=\r?\n|[^]/g, (sign) => (sign.length > 1 ? sign : token[at++]));
  });
  return createHash('sha256').update(restored, 'latin1').digest('hex') === kept;
}

check('mails', () => {
  const { mails, linksMasked } = json('mails.json');
  let masked = 0;
  for (const { file, id, sha256: kept, messageId, status, sentAt, attempts } of mails) {
    if (file !== null && sha256(file) !== kept) {
      const message = read(file).toString('latin1');
      const isMasked = linksMasked && [...message.matchAll(mask)].length > 0 && message.includes(`<${messageId}>`);
      if (expect(isMasked, `${file} is not the message that was sent`) && !isWithLinks(message, kept)) masked++;
    }
    if (status !== 'sent') continue;
    expect(
      file !== null && sentAt !== null && attempts.length > 0,
      `mails.json: mail ${id} has the status sent, but no message, time or attempt shows it`,
    );
  }
  const named = mails.flatMap(({ file }) => (file === null ? [] : [file]));
  expect(
    same(
      [...named].sort(),
      filesIn('')
        .filter((path) => path.startsWith('mails/'))
        .sort(),
    ),
    'mails.json does not name the same messages as the folder mails/',
  );
  if (masked > 0) console.log(`${words.note[language]}  ${words.masked[language](masked)}`);
  return [mails.length, mails.filter(({ delivered }) => delivered).length, masked];
});

check('deadline', () => {
  const { deadline } = json('decision.json');
  const { term } = json('term.json');
  const { endsOn, noticeDays, noticeDeadlineOn, timeZone, passedAt, zoneChanges } = deadline;
  const day = addDays(endsOn, -noticeDays);
  expect(
    day === noticeDeadlineOn,
    `decision.json: ${endsOn} minus ${noticeDays} days is ${day}, not ${noticeDeadlineOn}`,
  );
  expect(
    same(
      [term.endsOn, term.noticeDays, term.noticeDeadlineOn, term.noticeDeadlinePassesAt, term.noticeDeadlineTimeZone],
      [endsOn, noticeDays, noticeDeadlineOn, passedAt, timeZone],
    ),
    'decision.json and term.json do not state the same days, instants and zones',
  );
  const opened = zoneChanges[0]?.zoneBefore ?? timeZone;
  const start = { zone: opened, passesAt: byRulesBefore(zoneChanges[0]) ?? endOf(day, opened) };
  const end = zoneChanges.reduce(
    (before, change, at) => deadlineAfter(day, before, change, zoneChanges[at + 1]),
    start,
  );
  expect(end.zone === timeZone, `decision.json: the changes of the zone lead to ${end.zone}, not to ${timeZone}`);
  expect(end.passesAt === passedAt, `decision.json: ${passedAt} is not the end of ${day} in ${timeZone}`);
  return [endsOn, noticeDays, noticeDeadlineOn, passedAt, timeZone];
});

check('decision', () => {
  const { state, steps, deadline, agreesWithRecord, differences, pending, nextTerm } = json('decision.json');
  const { term } = json('term.json');
  const { notices } = json('notices.json');
  expect(
    agreesWithRecord === true && differences.length === 0,
    `decision.json does not agree with the record: ${JSON.stringify(differences)}`,
  );
  expect(state === term.renewalState, `decision.json says ${state}, term.json says ${term.renewalState}`);
  expect(
    (state === 'renewed') === (nextTerm !== null),
    `the renewal is ${state}, but decision.json has ${nextTerm === null ? 'no' : 'a'} next term`,
  );
  expect(
    steps.every(({ from }, at) => from === (steps[at - 1]?.to ?? 'open')),
    'decision.json: the steps do not follow each other',
  );
  expect((steps.at(-1)?.to ?? 'open') === state, 'decision.json: the steps do not lead to the state');
  for (const { id, receivedAt, recordedAt, deadlineAt, reason, effective, waivedAt } of notices) {
    const isLater = ({ at, passesBefore }) => at > recordedAt || (at === recordedAt && passesBefore === deadlineAt);
    const stood = deadline.zoneChanges.find(isLater)?.passesBefore ?? deadline.passedAt;
    expect(
      deadlineAt === stood,
      `notices.json: the notice ${id} was judged by the deadline ${deadlineAt}, but the deadline was ${stood}`,
    );
    const inTime = receivedAt < stood;
    const step = steps.find(({ event, noticeId }) => event === 'notice' && noticeId === id);
    expect(
      step?.received === (inTime ? 'in-time' : 'late'),
      `decision.json: the notice ${id} was received ${inTime ? 'in time' : 'late'}`,
    );
    expect(inTime === (reason !== 'late'), `notices.json: the notice ${id} is ${reason ?? 'effective'}`);
    expect(effective === (reason === null || waivedAt !== null), `notices.json: the notice ${id} has the wrong effect`);
  }
  const standing = notices.some(({ effective, withdrawnAt }) => effective && withdrawnAt === null);
  const declined = state === 'declined' || state === 'ended';
  expect(declined === standing, `the renewal is ${state}, but ${standing ? 'a' : 'no'} notice stands`);
  expect(state !== 'open' || pending !== null || term.status === 'open', 'the term is closed, but its renewal is open');
  return [state, notices.length];
});

console.log(wrong.length === 0 ? words.fine[language] : words.broken[language](wrong.length));
process.exitCode = wrong.length === 0 ? 0 : 1;

function ledgerMinutes(entries, wanted) {
  return entries.filter(({ kind }) => kind === wanted).map(({ minutes }) => minutes);
}

function topUpMinutes(topUps, wanted) {
  return topUps.flatMap(({ kind, minutes, cancellation }) => {
    if (wanted === 'top-up-cancelled') return cancellation === null ? [] : [-cancellation.minutes];
    return kind === wanted ? [minutes] : [];
  });
}

function sorted(amounts) {
  return [...amounts].sort((one, other) => one - other);
}

/**
 * The deadline after a change of the customer's zone, or of the rules of a zone (`from` equals `to`). An announced
 * deadline never moves earlier.
 */
function deadlineAfter(day, before, change, next) {
  const { at, from, to, announced, zoneBefore, passesBefore, passesAfter, effect } = change;
  const reminders = json('mails.json').mails.filter(({ kind }) => kind.startsWith('renewal-reminder-'));
  const wasAnnounced = reminders.some(({ queuedAt }) => queuedAt <= at);
  expect(announced === wasAnnounced, `decision.json: at ${at} the deadline was ${wasAnnounced ? '' : 'not '}announced`);
  const [old, anew] = [before.passesAt, endOf(day, to)];
  const isKept = (announced && anew < old) || (from === to && anew === old);
  const right = old <= at ? 'passed' : isKept ? 'kept' : 'moved';
  const after = byRulesBefore(next) ?? (right === 'moved' ? anew : old);
  expect(
    same([zoneBefore, passesBefore, passesAfter, effect], [before.zone, old, after, right]),
    `decision.json: the change of the zone at ${at} should move the deadline from ${old} to ${after} (${right})`,
  );
  return { zone: right === 'moved' ? to : before.zone, passesAt: after };
}

/** A deadline that older rules of a zone gave cannot be computed today. The change of the rules states it. */
function byRulesBefore(next) {
  return next !== undefined && next.from === next.to ? next.passesBefore : undefined;
}

/** The first instant after a day. Found by bisection, because days differ in length. */
function endOf(day, timeZone) {
  const next = addDays(day, 1);
  let [before, after] = [Date.parse(`${day}T00:00:00Z`) - 86_400_000, Date.parse(`${next}T00:00:00Z`) + 86_400_000];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayIn(timeZone, new Date(middle)) >= next) after = middle;
    else before = middle;
  }
  return new Date(after).toISOString();
}

function addDays(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function dayIn(timeZone, instant) {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(instant);
}

/** The files of a folder and its subfolders, with forward slashes. */
function filesIn(path) {
  const entries = readdirSync(join(folder, path), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const inside = path === '' ? entry.name : `${path}/${entry.name}`;
    return entry.isDirectory() ? filesIn(inside) : [inside];
  });
}
