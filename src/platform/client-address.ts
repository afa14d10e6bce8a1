import { BlockList, isIP } from 'node:net';

/**
 * The address of the client behind a request. `X-Forwarded-For` counts only as far as trusted proxies have written it: it is read
 * from its end, and the first address that is no trusted proxy is the client's. What stands before that address could be
 * written by anybody. An entry that is no address ends the search as well.
 * @param peer the other end of the connection; undefined once it is closed
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
    // A network of every address would let everybody name any address.
    if (prefix < 1 || prefix > width) throw notProxies(entry);
    proxies.addSubnet(address, prefix, familyOf(address));
  }
  return proxies;
}

const notProxies = (entry: string): Error =>
  new Error(
    `must be addresses or networks separated by commas, such as 10.0.0.0/8,2001:db8::1, not ${JSON.stringify(entry.slice(0, 80))}`,
  );

/** Whether an address, in its one spelling, is one of the proxies. */
export const isTrustedProxy = (address: string, trustedProxies: BlockList): boolean =>
  trustedProxies.check(address, familyOf(address));

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');

/**
 * An address in its one spelling, without a port or a zone; IPv4 mapped into IPv6 is IPv4. Undefined for what is no address.
 */
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
