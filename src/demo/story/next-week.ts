import { customers } from '../cast.js';
import { Client } from '../client.js';
import { counted, good, heading } from '../printer.js';
import { entryOf, nameOf, path, type DemoPlannedWork, type Work, type World } from '../world.js';

/** The week in which the demo ends, so that the links to the console lead to work that is done, planned and due. Returns the customer's user. */
export async function nextWeek(world: World): Promise<Client> {
  heading('The week of 2 April', 'what Jonas Weber finds in the console');
  const { jonas } = world.csms;
  for (const [key, work] of done) await jonas.post(path(world, key, '/time-entries'), entryOf(world, work));
  for (const [key, work] of planned) await jonas.post(path(world, key, '/planned-sessions'), entryOf(world, work));
  await jonas.put(path(world, 'alster', '/outlook'), {
    expectation: 'unsure',
    reason: 'The port terminal goes live in June, and its budget is not approved yet',
    nextStep: 'Review the first year of monitoring with Katrin Schäfer',
    nextStepOn: '2027-04-13',
  });
  good(
    `${counted(done.length, 'entry', 'entries')} logged for 1 April, ${counted(planned.length, 'session')} planned until 9 April.`,
  );
  good(`${nameOf('alster')} needs a call: the last day for a notice is 1 May, and hours will expire.`);

  const { name, email } = customers.alster.contact;
  const { customerId } = world.contracts.alster;
  const { id } = await world.admin.post<{ id: string }>('/v1/users', { name, email, role: 'customer', customerId });
  const { token } = await world.admin.post<{ token: string }>(`/v1/users/${id}/tokens`, { name: 'demo' });
  good(`${name} of ${nameOf('alster')} gets access to the console.`);
  return new Client(world.url, token);
}

const done: ['alster' | 'spreewerk' | 'deccan', Work][] = [
  [
    'alster',
    {
      workDate: '2027-04-01',
      minutes: 90,
      consultant: 'vogt',
      line: 'OBS',
      activity: 'health-check',
      summary: 'Health check of the monitoring at the port terminal',
    },
  ],
  [
    'spreewerk',
    {
      workDate: '2027-04-01',
      minutes: 120,
      consultant: 'oconnor',
      line: 'BKP',
      activity: 'technical-advice',
      summary: 'Advised on restore times for the plant network',
    },
  ],
];

const planned: ['alster' | 'spreewerk' | 'deccan', DemoPlannedWork][] = [
  [
    'alster',
    {
      plannedOn: '2027-04-02',
      minutes: 120,
      consultant: 'raman',
      line: 'SEC',
      activity: 'gap-analysis',
      summary: 'Compare the firewall rules with the target state',
    },
  ],
  [
    'alster',
    {
      plannedOn: '2027-04-07',
      minutes: 240,
      consultant: 'vogt',
      line: 'OBS',
      activity: 'enablement',
      summary: 'Train the operations team for the go-live',
    },
  ],
  [
    'deccan',
    {
      plannedOn: '2027-04-09',
      minutes: 60,
      consultant: 'raman',
      line: 'OBS',
      activity: 'best-practice',
      summary: 'Review the alert rules of the new cluster',
    },
  ],
];
