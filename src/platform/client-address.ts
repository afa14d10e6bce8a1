import { BlockList, isIP } from 'node:net';

/**
 * The address of the client that sent a request. Reads `X-Forwarded-For` from its end: the first address that is not a trusted proxy is
 * the client's. Entries before it can be forged, so they are ignored. An entry that is not an address ends the search. Fastify's
 * `trustProxy` would give `garbage` as an address, and `192.0.2.1:5678` with the port that some proxies add.
 * @param peer the address at the other end of the connection; undefined after it has closed
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: BlockList,
): string {
  let address = plainAddress(peer ?? '') ?? '';
  const hops = forwardedFor?.split(',') ?? [];
  while (hops.length > 0 && isTrustedProxy(address, trustedProxies)) {
    const hop = plainAddress(hops.pop()!.trim());
    if (hop === undefined) break;
    address = hop;
  }
  return address;
}

/**
 * Reads addresses and networks, separated by commas, such as `10.0.0.0/8, 2001:db8::1`.
 * @throws Error with a sentence for the operator
 */
export function readTrustedProxies(text: string): BlockList {
  const proxies = new BlockList();
  for (const entry of text.split(',').map((each) => each.trim())) {
    const [, written = '', bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
    const address = isIP(written) === 0 ? undefined : plainAddress(written);
    if (address === undefined) throw notProxies(entry);
    const isMapped = isIP(written) === 6 && isIP(address) === 4;
    const width = isIP(address) === 4 ? 32 : 128;
    const prefix = bits === undefined ? width : Number(bits) - (isMapped ? 96 : 0);
    // A network of all addresses would let any client forge its address.
    if (prefix < 1 || prefix > width) throw notProxies(entry);
    proxies.addSubnet(address, prefix, familyOf(address));
  }
  return proxies;
}

const notProxies = (entry: string): Error =>
  new Error(
    `must be addresses or networks separated by commas, such as 10.0.0.0/8,2001:db8::1, not ${JSON.stringify(entry.slice(0, 80))}`,
  );

/** Whether a normalised address belongs to a trusted proxy. */
export const isTrustedProxy = (address: string, trustedProxies: BlockList): boolean =>
  trustedProxies.check(address, familyOf(address));

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');

/** Normalises an address: drops port and zone, and turns IPv4-mapped IPv6 into IPv4. Undefined if it is not an address. */
function plainAddress(written: string): string | undefined {
  const address = written.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  const withoutZone = address.replace(/%.*$/, '');
  if (isIP(withoutZone) !== 6) return isIP(withoutZone) === 4 ? withoutZone : undefined;
  const short = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  const bytes = [high, low].flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 0xff]);
  return bytes.join('.');
}
