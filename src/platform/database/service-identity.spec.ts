import { identityChanges, publicAddressOf, type ServiceIdentity } from './service-identity.js';

const accepted: ServiceIdentity = {
  systemIdentifier: '7500000000000000001',
  databaseOid: 16_384,
  publicAddress: 'trm.example',
  dataFolder: null,
};

test.each<[string, Partial<ServiceIdentity>, string[]]>([
  ['the same database, or a standby after a failover', {}, []],
  [
    'a dump restored into another cluster',
    { systemIdentifier: '7', databaseOid: 5 },
    ['other-cluster', 'other-database'],
  ],
  ['a dump restored into a cluster where the oid happens to be the same', { systemIdentifier: '7' }, ['other-cluster']],
  ['a dump restored beside the database', { databaseOid: 16_999 }, ['other-database']],
  ['a copy of the cluster’s files behind another address', { publicAddress: 'staging.example' }, ['other-address']],
  ['a cluster whose identifier cannot be read', { systemIdentifier: null }, []],
])('the right changes are found for %s', (_, change, expected) => {
  expect(identityChanges(accepted, { ...accepted, ...change })).toEqual(expected);
});

test('a copy of the folder of the embedded database is recognised by its place', () => {
  const embedded = { ...accepted, dataFolder: '/srv/trm/.data' };
  expect(identityChanges(embedded, { ...embedded, dataFolder: '/home/dev/.data' })).toEqual(['other-folder']);
  expect(identityChanges(embedded, embedded)).toEqual([]);
});

test.each([
  ['https://trm.example', 'trm.example'],
  ['http://trm.example/', 'trm.example'],
  ['https://TRM.example:8443/desk/', 'trm.example:8443/desk'],
  ['http://localhost:3000', 'localhost'],
  ['http://127.0.0.1:49152', 'localhost'],
  ['http://[::1]:3000', 'localhost'],
  ['http://127.0.0.1.example', '127.0.0.1.example'],
])('the public address of %s is %s', (url, address) => {
  expect(publicAddressOf(url)).toBe(address);
});
