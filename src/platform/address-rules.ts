/**
 * Which addresses the hub may call. An address is judged twice: the configured URL before anything
 * is looked up, and the numeric address that is really connected to, so that a name that answers
 * differently the second time gains nothing.
 */
import { BlockList, isIP } from 'node:net';

export type AddressRules = {
  /** The only address that may be called: scheme, host and port must be the same. */
  origin: string;
  /** intranet: private ranges too. public: only addresses of the open internet. */
  network: 'intranet' | 'public';
  /** Unencrypted HTTP beyond this machine, for closed networks. */
  allowsHttp: boolean;
};

const ranges = (...list: readonly string[]): BlockList => {
  const blocks = new BlockList();
  for (const range of list) {
    const [address = '', bits = ''] = range.split('/');
    blocks.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return blocks;
};

const LOOPBACK = ranges('127.0.0.0/8', '::1/128');
/** Includes 100.64.0.0/10, which carriers and clouds use inside. */
const PRIVATE = ranges(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
);
/** Link-local, metadata services, multicast, reserved, and IPv6 forms that wrap an IPv4 address. */
const NEVER = ranges(
  ...['0.0.0.0/8', '169.254.0.0/16', '100.100.100.200/32', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  ...['64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/32', '2001:db8::/32', '2002::/16'],
  ...['::ffff:0:0:0/96', 'fd00:ec2::254/128', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
);
/** `::` and IPv4-compatible addresses; loopback ::1 lies inside and is judged before. */
const COMPATIBLE = ranges('::/96');

const family = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6');
const lies = (list: BlockList, address: string) => list.check(address, family(address));

/** `::ffff:10.0.0.1` and its hexadecimal form are the IPv4 address inside. */
function unwrapped(address: string): string {
  if (isIP(address) !== 6 || address.includes('%')) return address;
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (!mapped) return short;
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

const isLoopbackName = (hostname: string) =>
  hostname === 'localhost' || (isIP(hostname) !== 0 && lies(LOOPBACK, unwrapped(hostname)));

/** Whether this numeric address may be connected to under the rules. */
export function mayConnect(address: string, rules: AddressRules): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  const plain = unwrapped(address);
  if (lies(LOOPBACK, plain)) return isLoopbackName(bare(new URL(rules.origin).hostname));
  if (lies(NEVER, plain) || lies(COMPATIBLE, plain)) return false;
  return lies(PRIVATE, plain) ? rules.network === 'intranet' : true;
}

/** The URL when it may be called at all, else undefined. Says nothing of why: it would be an oracle. */
export function allowedUrl(text: string, rules: AddressRules): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const host = bare(url.hostname);
  if (url.username !== '' || url.password !== '' || url.origin !== rules.origin) return undefined;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  if (url.protocol === 'http:' && !rules.allowsHttp && !isLoopbackName(host)) return undefined;
  if (isIP(host) !== 0 && !mayConnect(host, rules)) return undefined;
  return url;
}
