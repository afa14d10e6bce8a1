import { consultants, customers } from '../../src/demo/cast.js';
import { api, type Json } from './client.js';
import type { ExampleRecorder } from './example-recorder.js';

/** The users and records of the examples, in a service with the data of the demo. */
export interface ExampleWorld {
  admin: string;
  csm: string;
  finance: string;
  consultantIds: Record<'brooks' | 'raman', string>;
  lineIds: Record<'SEC' | 'OBS', string>;
  /** The subscription of Hudson Insurance. */
  hudsonId: string;
  /** The secret part of the link in the newest reminder to Alster Logistik. */
  declineToken: string;
}

/** What only a test can do to a service. The demo omits the examples that need it. */
export interface TestAccess {
  /** Marks a mail as failed, so that a request can send it again. */
  fail(mailId: string): Promise<void>;
  /** The secret part of the link to a report that was too large for its mail. */
  reportToken(mailId: string): string;
}

/** Finds the records by their names and addresses, and creates new tokens for the users. */
export async function findWorld(baseUrl: string, admin: string, declineToken: string): Promise<ExampleWorld> {
  const asAdmin = api(baseUrl, admin);
  const all = async (path: string): Promise<Json[]> => (await asAdmin.get(`${path}?limit=200`)).body.data;
  const [users, people, lines] = await Promise.all(['/v1/users', '/v1/consultants', '/v1/product-lines'].map(all));
  const idOf = (rows: Json[], field: string, value: string): string => rows.find((row) => row[field] === value).id;
  const tokenOf = async (email: string): Promise<string> =>
    (await asAdmin.post(`/v1/users/${idOf(users!, 'email', email)}/tokens`, { name: 'examples' })).body.token;
  const { body: found } = await asAdmin.get(`/v1/subscriptions?customerName=Hudson`);
  return {
    admin,
    csm: await tokenOf('emily.carter@trm.example'),
    finance: await tokenOf('ryo.hayashi@trm.example'),
    consultantIds: {
      brooks: idOf(people!, 'email', consultants.brooks.email),
      raman: idOf(people!, 'email', consultants.raman.email),
    },
    lineIds: { SEC: idOf(lines!, 'code', 'SEC'), OBS: idOf(lines!, 'code', 'OBS') },
    hudsonId: found.data[0].id,
    declineToken,
  };
}

/**
 * Plays an example of every operation on 2027-04-02, in an order in which each succeeds. A CSM sells a subscription to a new
 * customer. Examples that need older data use subscriptions of the demo.
 */
export async function playExamples(play: ExampleRecorder, world: ExampleWorld, testAccess?: TestAccess): Promise<void> {
  const { admin, csm, finance, consultantIds, lineIds, hudsonId } = world;
  const etag = (version: number) => ({ 'if-match': `"${version}"` });
  const one = { limit: '1' };

  await play.show('checkLiveness');
  await play.show('checkReadiness');
  await play.show('explainProblem', { parameters: { code: 'hours-exhausted' } });
  const me = await play.show('getMe', { token: csm });
  await play.show('updateMe', {
    token: csm,
    headers: etag(me.version),
    body: { locale: 'en', timeZone: 'Asia/Tokyo', nudges: true, shortcuts: true },
  });
  await play.show('listPackages', { token: csm });

  const user = await play.show('createUser', {
    token: admin,
    body: { name: 'Hana Ito', email: 'hana.ito@trm.example', role: 'csm' },
  });
  await play.show('listUsers', { token: admin, parameters: one });
  await play.show('getUser', { token: admin, parameters: { id: user.id } });
  await play.show('updateUser', {
    token: admin,
    parameters: { id: user.id },
    headers: etag(user.version),
    body: { name: 'Hana Kimura' },
  });
  await play.show('inviteUser', { token: admin, parameters: { id: user.id } });
  const named = await play.show('getDeputies', { token: csm, parameters: { id: me.id } });
  await play.show('setDeputies', {
    token: csm,
    parameters: { id: me.id },
    headers: etag(named.version),
    body: { deputies: [{ userId: user.id, from: '2027-04-12', to: '2027-04-16' }] },
  });
  await play.show('handOver', {
    token: admin,
    parameters: { id: me.id, dryRun: 'true' },
    body: { toUserId: user.id },
  });
  const { id: tokenId } = await play.show('createToken', {
    token: admin,
    parameters: { id: user.id },
    body: { name: 'Monthly reports', expiresOn: '2027-12-31' },
  });
  await play.show('listTokens', { token: admin, parameters: { id: user.id } });
  await play.show('revokeToken', { token: admin, parameters: { id: tokenId } });

  const contact = { name: 'Ellen Price', email: 'ellen.price@northwind-freight.example', roles: ['renewal', 'usage'] };
  const customer = await play.show('createCustomer', {
    token: csm,
    body: {
      name: 'Northwind Freight',
      code: 'C-1042',
      locale: 'en',
      timeZone: 'Europe/London',
      country: 'GB',
      contacts: [contact],
    },
  });
  await play.show('listCustomers', { token: csm, parameters: { name: 'northwind', ...one } });
  await play.show('getCustomer', { token: csm, parameters: { id: customer.id } });
  await play.show('updateCustomer', {
    token: csm,
    parameters: { id: customer.id },
    headers: etag(customer.version),
    body: { contacts: [{ ...contact, roles: ['renewal', 'usage', 'billing'] }] },
  });

  const consultant = await play.show('createConsultant', {
    token: admin,
    body: { name: 'Noah Fischer', email: 'noah.fischer@trm.example' },
  });
  await play.show('listConsultants', { token: csm, parameters: one });
  await play.show('getConsultant', { token: csm, parameters: { id: consultant.id } });
  await play.show('updateConsultant', {
    token: admin,
    parameters: { id: consultant.id },
    headers: etag(consultant.version),
    body: { name: 'Noah Fischer-Lange' },
  });
  const line = await play.show('createProductLine', { token: admin, body: { code: 'API', name: 'API Gateways' } });
  await play.show('listProductLines', { token: csm, parameters: one });
  await play.show('getProductLine', { token: csm, parameters: { id: line.id } });
  await play.show('updateProductLine', {
    token: admin,
    parameters: { id: line.id },
    headers: etag(line.version),
    body: { name: 'API Management' },
  });

  const sold = await play.show('createSubscription', {
    token: csm,
    body: {
      customerId: customer.id,
      package: 'premier',
      startsOn: '2027-04-01',
      productLineIds: [lineIds.SEC],
      contractNumber: 'T-2027-014',
      purchaseOrder: 'PO-88121',
    },
  });
  const id = sold.id as string;
  const version = async () =>
    etag((await play.send('getSubscription', { token: csm, parameters: { id } })).body.version);
  await play.show('listSubscriptions', {
    token: csm,
    parameters: { customerId: customer.id, status: 'active', ...one },
  });
  await play.show('getSubscription', { token: csm, parameters: { id } });
  await play.show('updateSubscription', {
    token: csm,
    parameters: { id },
    headers: await version(),
    body: { pacePolicy: 'enforce' },
  });
  await play.show('setProductLines', {
    token: csm,
    parameters: { id },
    headers: await version(),
    body: { effectiveOn: '2027-04-02', productLineIds: [lineIds.SEC, lineIds.OBS] },
  });
  await play.show('setNextPackage', {
    token: csm,
    parameters: { id },
    headers: await version(),
    body: { package: 'basic' },
  });
  await play.show('dropNextPackage', { token: csm, parameters: { id }, headers: await version() });
  await play.show('upgradeSubscription', { token: csm, parameters: { id }, body: { package: 'enterprise' } });
  await play.show('listTerms', { token: csm, parameters: { id } });
  const term = await play.show('getTerm', { token: csm, parameters: { id: sold.currentTerm.id } });
  await play.show('updateTerm', {
    token: csm,
    parameters: { id: term.id },
    headers: etag(term.version),
    body: { purchaseOrder: 'PO-88200' },
  });

  const set = await play.show('getAllocations', { token: csm, parameters: { id } });
  await play.show('setAllocations', {
    token: csm,
    parameters: { id },
    headers: etag(set.version),
    body: {
      allocations: [
        { consultantId: consultantIds.brooks, productLineId: lineIds.SEC, minutes: 12_000, primary: true },
        { consultantId: consultantIds.raman, productLineId: lineIds.OBS, minutes: 6_000 },
      ],
    },
  });

  const visit = await play.show('planVisit', {
    token: csm,
    parameters: { id },
    body: {
      startsOn: '2027-05-11',
      endsOn: '2027-05-12',
      place: 'Felixstowe terminal',
      consultantIds: [consultantIds.brooks],
      purpose: 'Review of the network zones',
    },
  });
  await play.show('listVisits', { token: csm, parameters: { id, ...one } });
  await play.show('getVisit', { token: csm, parameters: { id: visit.id } });
  await play.show('updateVisit', {
    token: csm,
    parameters: { id: visit.id },
    headers: etag(visit.version),
    body: { endsOn: '2027-05-13' },
  });
  const expense = await play.show('recordExpense', {
    token: csm,
    parameters: { id: visit.id },
    body: { amount: '123.45', currency: 'GBP', description: 'Train, London to Felixstowe' },
  });
  await play.show('listExpenses', { token: finance, parameters: { id: visit.id } });
  await play.show('reverseExpense', { token: csm, parameters: { id: expense.id }, body: { reason: 'Entered twice' } });
  await play.show('completeVisit', { token: csm, parameters: { id: visit.id } });
  const { body: second } = await play.send('planVisit', {
    token: csm,
    parameters: { id },
    body: { startsOn: '2027-06-08', endsOn: '2027-06-08', place: 'Leeds', consultantIds: [consultantIds.brooks] },
  });
  await play.show('cancelVisit', { token: csm, parameters: { id: second.id } });

  const seat = await play.show('assignSeat', {
    token: csm,
    parameters: { id },
    body: { learnerName: 'Tom Bailey', learnerEmail: 'tom.bailey@northwind-freight.example' },
  });
  await play.show('listSeats', { token: csm, parameters: { id } });
  await play.show('releaseSeat', { token: csm, parameters: { id: seat.id } });

  const planned = await play.show('planSession', {
    token: csm,
    parameters: { id },
    body: {
      plannedOn: '2027-04-27',
      minutes: 120,
      consultantId: consultantIds.brooks,
      productLineId: lineIds.SEC,
      activity: 'health-check',
      delivery: 'remote',
      summary: 'Monthly check of the firewall rules',
      series: { everyWeeks: 4, until: '2027-06-30' },
    },
  });
  await play.show('proposeSessions', { token: csm, parameters: { id, dryRun: 'true' }, body: { everyWeeks: 26 } });
  await play.show('listPlannedSessionsOfSubscription', { token: csm, parameters: { id, status: 'open', ...one } });
  await play.show('listPlannedSessions', { token: csm, parameters: { from: '2027-04-01', to: '2027-04-30', ...one } });
  await play.show('getPlannedSession', { token: csm, parameters: { id: planned.id } });
  await play.show('updatePlannedSession', {
    token: csm,
    parameters: { id: planned.id },
    headers: etag(planned.version),
    body: { plannedOn: '2027-04-28', minutes: 90 },
  });
  await play.show('cancelPlannedSession', {
    token: csm,
    parameters: { id: planned.sessions[1].id, series: 'following' },
    headers: etag(planned.sessions[1].version),
  });

  const work = {
    workDate: '2027-04-01',
    minutes: 90,
    consultantId: consultantIds.brooks,
    productLineId: lineIds.SEC,
    activity: 'health-check',
    delivery: 'remote',
    summary: 'Checked the firewall rules of the new warehouse',
    reference: 'CASE-20117',
    severity: 3,
  };
  const { entry } = await play.show('logTimeEntry', { token: csm, parameters: { id }, body: work });
  await play.refuse('logTimeEntry', { token: csm, parameters: { id }, body: { ...work, minutes: 2_400 } });
  const others = [
    { ...work, minutes: 45, summary: 'Answered questions about the rules' },
    { ...work, minutes: 30, consultantId: consultantIds.raman, summary: 'Looked at the logs' },
  ];
  const batch = await play.show('logTimeEntries', {
    token: csm,
    body: { atomic: false, entries: others.map((other) => ({ subscriptionId: id, ...other })) },
  });
  await play.show('getTimeEntry', { token: csm, parameters: { id: entry.id } });
  const corrected = await play.show('correctTimeEntry', {
    token: csm,
    parameters: { id: entry.id },
    body: { ...work, minutes: 75, reason: 'The last quarter of an hour was a break' },
  });
  await play.show('reverseTimeEntry', {
    token: csm,
    parameters: { id: batch.results[0].entry.id },
    body: { reason: 'Logged for the wrong customer', customerNote: 'This work was not for you.' },
  });
  await play.show('listTimeEntriesOfSubscription', { token: csm, parameters: { id, from: '2027-04-01', ...one } });
  await play.show('listTimeEntries', {
    token: csm,
    parameters: { consultantId: consultantIds.brooks, from: '2027-04-01', to: '2027-04-30', ...one },
  });
  await play.show('recordAdjustment', {
    token: finance,
    parameters: { month: '2027-03' },
    body: {
      ...work,
      subscriptionId: hudsonId,
      workDate: '2027-03-30',
      minutes: 60,
      summary: 'Call about the access rules',
      reason: 'Forgotten when March was closed',
    },
  });

  const imported = await play.show('importTimeEntries', {
    token: csm,
    parameters: { fileName: 'april.csv' },
    body: [
      'customer,workDate,minutes,consultant,productLine,activity,delivery,summary',
      `Northwind Freight,2027-04-01,40,${consultants.brooks.email},SEC,technical-advice,remote,Reviewed a change request`,
      '',
    ].join('\n'),
  });
  await play.show('listImports', { token: csm, parameters: one });
  await play.show('getImport', { token: csm, parameters: { id: imported.importId } });
  await play.show('undoImport', {
    token: csm,
    parameters: { id: imported.importId },
    body: { reason: 'The file belongs to another month' },
  });

  await play.show('enterTopUp', {
    token: csm,
    parameters: { id },
    body: { kind: 'supplement', minutes: 1_200, orderNumber: 'PO-88311' },
  });
  const { body: given } = await play.send('enterTopUp', {
    token: admin,
    parameters: { id },
    body: { kind: 'goodwill', minutes: 120, reason: 'The first workshop had to be repeated' },
  });
  await play.show('listTopUps', { token: csm, parameters: { id, ...one } });
  await play.show('cancelTopUp', {
    token: admin,
    parameters: { id: given.id },
    body: { reason: 'Entered for the wrong customer' },
  });

  await play.show('getBalance', { token: csm, parameters: { id } });
  await play.show('getBurnDown', { token: csm, parameters: { id } });
  await play.show('listLedgerEntries', { token: csm, parameters: { id, limit: '3' } });
  await play.show('verifyLedger', { token: finance, parameters: { id } });
  await play.show('listAlerts', { token: csm, parameters: { id } });
  await play.show('downloadUsageStatement', {
    token: csm,
    parameters: { id: corrected.entry.termId },
    answersFile: true,
  });
  await play.show('downloadEvidence', { token: csm, parameters: { id: corrected.entry.termId }, answersFile: true });

  await play.show('stateOutlook', {
    token: csm,
    parameters: { id },
    headers: etag(0),
    body: {
      expectation: 'upgrades',
      reason: 'They move two more teams to the platform.',
      nextStep: 'Show the Enterprise package to Ellen Price',
      nextStepOn: '2027-05-10',
    },
  });
  await play.show('getOutlook', { token: finance, parameters: { id } });
  await play.show('listAttention', { token: finance, parameters: one });
  await play.show('getAttention', { token: csm, parameters: { id: hudsonId } });
  await play.show('askWhatIf', {
    token: csm,
    parameters: { id: hudsonId },
    body: {
      upgrade: { package: 'dedicated', on: '2027-06-01' },
      topUp: { minutes: 1_200, on: '2027-04-02' },
      monthlyMinutes: 960,
    },
  });
  await play.show('getToday', { token: csm });
  await play.show('listRenewals', {
    token: finance,
    parameters: { from: '2027-04-01', to: '2028-03-31', ...one },
  });
  await play.show('listForecast', { token: csm, parameters: { until: '2027-12-31', ...one } });
  const reminders = await play.show('listReminders', { token: csm, parameters: { id: hudsonId, ...one } });
  const notice = await play.show('recordNotice', {
    token: csm,
    parameters: { id },
    body: {
      party: 'customer',
      signedBy: 'Ellen Price',
      channel: 'email',
      receivedAt: '2027-04-01T09:30:00Z',
      note: 'They move to a data centre of their own.',
    },
  });
  await play.show('listNotices', { token: csm, parameters: { id } });
  await play.show('withdrawNotice', {
    token: csm,
    parameters: { id: notice.id },
    body: { signedBy: 'Ellen Price', reason: 'The move is postponed' },
  });
  // A subscription that was entered late: its notice deadline has passed.
  const { body: takenOver } = await play.send('createSubscription', {
    token: csm,
    body: { customerId: customer.id, package: 'basic', startsOn: '2026-05-01' },
  });
  const { body: late } = await play.send('recordNotice', {
    token: csm,
    parameters: { id: takenOver.id },
    body: { party: 'customer', signedBy: 'Ellen Price', channel: 'letter', receivedAt: '2027-03-20T10:00:00Z' },
  });
  await play.show('acceptLateNotice', {
    token: admin,
    parameters: { id: late.id },
    body: {
      customerSignedBy: 'Ellen Price',
      providerSignedBy: 'Emily Carter',
      reason: 'The letter was delayed in the post',
    },
  });
  const { body: mistake } = await play.send('createSubscription', {
    token: csm,
    body: { customerId: customer.id, package: 'basic', startsOn: '2027-04-01' },
  });
  await play.show('annulSubscription', {
    token: admin,
    parameters: { id: mistake.id },
    body: { reason: 'Entered twice' },
  });

  const link = { token: world.declineToken };
  await play.show('showDeclinePage', { parameters: link, answersFile: true });
  await play.show('declineRenewal', {
    parameters: link,
    body: { signedBy: customers.alster.contact.name, note: 'We close the terminal.' },
    answersFile: true,
  });
  await play.show('withdrawDecline', {
    parameters: link,
    body: { signedBy: customers.alster.contact.name, reason: 'We keep the terminal.' },
    answersFile: true,
  });
  await play.show('showDeclinePageAgain', { parameters: link, answersFile: true });

  const april = { customerId: customer.id, from: '2027-04-01', to: '2027-04-30' };
  for (const report of [
    'UsageLines',
    'UsageSummary',
    'Utilisation',
    'Entitlements',
    'ExpiredHours',
    'TravelExpenses',
  ]) {
    const parameters = report === 'TravelExpenses' ? { ...april, to: '2027-05-31' } : april;
    await play.show(`export${report}`, { token: finance, parameters });
  }
  await play.show('exportRenewals', {
    token: finance,
    parameters: { customerId: customer.id, from: '2028-01-01', to: '2028-03-31' },
  });

  const schedule = await play.show('createReportSchedule', {
    token: finance,
    body: {
      report: 'usage-lines',
      format: 'xlsx',
      dayOfMonth: 3,
      timeOfDay: '08:00',
      recipients: [{ name: 'Accounting', email: 'accounting@trm.example' }],
      locale: 'en',
      period: 'previous-month',
    },
  });
  await play.show('listReportSchedules', { token: finance, parameters: one });
  await play.show('getReportSchedule', { token: finance, parameters: { id: schedule.id } });
  const changed = await play.show('updateReportSchedule', {
    token: finance,
    parameters: { id: schedule.id },
    headers: etag(schedule.version),
    body: { dayOfMonth: 5 },
  });
  await play.show('runReportSchedule', { token: finance, parameters: { id: schedule.id } });
  const deliveries = await play.show('listReportDeliveries', {
    token: finance,
    parameters: { id: schedule.id, ...one },
  });

  await play.show('listMails', { token: csm, parameters: { outcome: 'filed', ...one } });
  if (testAccess) {
    const failed = async (mailId: string): Promise<string> => {
      await testAccess.fail(mailId);
      return mailId;
    };
    const { body: mails } = await play.send('listMails', {
      token: admin,
      parameters: { outcome: 'filed', limit: '200' },
    });
    const kind = (wanted: RegExp): string => mails.data.find((mail: Json) => wanted.test(mail.kind)).id;
    await play.show('resendReminder', { token: csm, parameters: { id: await failed(reminders.data[0].id) } });
    await play.show('resendMail', { token: admin, parameters: { id: await failed(kind(/term-renewed/)) } });
    const mailId = await failed(deliveries.data[0].id);
    await play.show('resendReportDelivery', { token: finance, parameters: { id: schedule.id, mailId } });
    const report = { token: testAccess.reportToken(mailId) };
    await play.show('showReportPage', { parameters: report, answersFile: true });
    await play.show('downloadReport', { parameters: report, answersFile: true });
  }
  await play.show('holdMails', { token: admin });
  await play.show('releaseMails', { token: admin });
  await play.show('deleteReportSchedule', {
    token: finance,
    parameters: { id: schedule.id },
    headers: etag(changed.version),
  });

  await play.show('closePeriod', { token: finance, parameters: { month: '2027-04' }, body: { early: true } });
  await play.show('listPeriods', { token: finance, parameters: one });
  await play.show('getPeriod', { token: finance, parameters: { month: '2027-04' } });
  await play.show('reopenPeriod', {
    token: admin,
    parameters: { month: '2027-04' },
    body: { reason: 'Closed too early by mistake' },
  });
  await play.show('listJobs', { token: admin, parameters: { job: 'housekeeping', ...one } });
  await play.show('runJob', { token: admin, parameters: { name: 'ledger-verification' } });
  await play.show('getClock', { token: admin });
  await play.show('advanceClock', { token: admin, body: { to: '2027-04-02T01:00:00Z' } });
}
