import { clientAddress, readTrustedProxies } from './client-address.js';

const none = readTrustedProxies('192.0.2.255');
const proxies = readTrustedProxies('10.0.0.0/8, 192.0.2.1 ,2001:db8:1::/48');

// prettier-ignore
test.each([
  ['no trusted proxy',                    none,    '203.0.113.9',       '198.51.100.7',                        '203.0.113.9'],
  ['no header',                           proxies, '10.1.2.3',          undefined,                             '10.1.2.3'],
  ['a peer that is not a proxy',          proxies, '203.0.113.9',       '198.51.100.7',                        '203.0.113.9'],
  ['one proxy',                           proxies, '10.1.2.3',          '198.51.100.7',                        '198.51.100.7'],
  ['two proxies',                         proxies, '10.1.2.3',          '198.51.100.7, 192.0.2.1',             '198.51.100.7'],
  ['an address that the client invented', proxies, '10.1.2.3',          '203.0.113.1, 198.51.100.7,192.0.2.1', '198.51.100.7'],
  ['a proxy that the client invented',    proxies, '10.1.2.3',          '10.9.9.9, 198.51.100.7',              '198.51.100.7'],
  ['only proxies',                        proxies, '10.1.2.3',          '10.9.9.9, 192.0.2.1',                 '10.9.9.9'],
  ['a word as the header',                proxies, '10.1.2.3',          'unknown',                             '10.1.2.3'],
  ['a word between the addresses',        proxies, '10.1.2.3',          '198.51.100.7, x, 192.0.2.1',          '192.0.2.1'],
  ['an empty header',                     proxies, '10.1.2.3',          '',                                    '10.1.2.3'],
  ['a peer as IPv4 mapped into IPv6',     proxies, '::ffff:10.1.2.3',   '198.51.100.7',                        '198.51.100.7'],
  ['a client as IPv4 mapped into IPv6',   proxies, '10.1.2.3',          '::FFFF:c633:6407',                    '198.51.100.7'],
  ['an IPv4-mapped peer and no proxies',  none,    '::ffff:127.0.0.1',  undefined,                             '127.0.0.1'],
  ['IPv6 addresses',                      proxies, '2001:DB8:1:0::5',   '2001:db8:2:0:0:0:0:1',                '2001:db8:2::1'],
  ['a port',                              proxies, '10.1.2.3',          '198.51.100.7:4711',                   '198.51.100.7'],
  ['IPv6 with a port',                    proxies, '10.1.2.3',          '[2001:db8:2::1]:443',                 '2001:db8:2::1'],
  ['a zone in an IPv6 address',           none,    'fe80::1%eth0',      undefined,                             'fe80::1'],
  ['a closed connection',                 proxies, undefined,           '198.51.100.7',                        ''],
])('the address of the client is found with %s', (_, trusted, peer, forwardedFor, expected) => {
  expect(clientAddress(peer, forwardedFor, trusted)).toBe(expected);
});

test('an IPv4 network that is mapped into IPv6 counts as IPv4', () => {
  const mapped = readTrustedProxies('::ffff:10.0.0.0/104');
  expect(clientAddress('10.1.2.3', '198.51.100.7', mapped)).toBe('198.51.100.7');
  expect(clientAddress('11.1.2.3', '198.51.100.7', mapped)).toBe('11.1.2.3');
});

test.each([
  'localhost',
  '10.0.0.0/33',
  '10.0.0.0/0',
  '::/0',
  '2001:db8::/129',
  '10.0.0.1;10.0.0.2',
  '10.0.0.1,',
  '10.0.0.1:80',
  '::ffff:10.0.0.0/95',
])('%j is refused as a list of proxies', (text) => {
  expect(() => readTrustedProxies(text)).toThrow('must be addresses or networks separated by commas');
});
