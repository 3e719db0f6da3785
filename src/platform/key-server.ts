/**
 * A provider's public keys over HTTPS, by the hub's own guarded way out: one attempt, small limits, no
 * redirect, only the configured host. The address may be that of the keys or of the provider's
 * description of itself (OpenID Connect discovery), which must then speak of the configured issuer and
 * point to keys on the same host or one that the installation allows.
 */
import { z } from 'zod';
import { type AddressRules, allowedUrl } from './address-rules.ts';
import { attempt, type HttpLimits } from './http-attempt.ts';

export type KeyServer = { url: string; issuer: string; allowedHosts: readonly string[] };

/** Why there are no keys; never the server's own words. */
export class KeysNotRead extends Error {
  constructor(reason: string) {
    super(`keys not read: ${reason}`);
    this.name = 'KeysNotRead';
  }
}

const LIMITS: HttpLimits = {
  connectMs: 3_000,
  idleMs: 3_000,
  totalMs: 5_000,
  maxBytes: 1024 * 1024,
};
const DISCOVERY = /\/\.well-known\/(openid-configuration|oauth-authorization-server)(\/|$)/;
const description = z.object({ issuer: z.string(), jwks_uri: z.string() });

async function read(address: string): Promise<string> {
  const rules: AddressRules = {
    origin: URL.canParse(address) ? new URL(address).origin : '',
    network: 'intranet',
    allowsHttp: false,
  };
  const url = allowedUrl(address, rules);
  if (!url) throw new KeysNotRead('address not allowed');
  const headers = { accept: 'application/json' };
  const made = await attempt({ url, rules, headers, limits: LIMITS });
  if (made.kind === 'fault') throw new KeysNotRead(made.fault);
  if (made.status !== 200) throw new KeysNotRead(`status ${made.status}`);
  return made.body.toString('utf8');
}

/** Where the provider says its keys are. */
function addressIn(text: string, { url, issuer, allowedHosts }: KeyServer): string {
  let said: z.infer<typeof description>;
  try {
    said = description.parse(JSON.parse(text));
  } catch {
    throw new KeysNotRead('no description of a provider');
  }
  if (said.issuer !== issuer) throw new KeysNotRead('the provider is another issuer');
  const target = URL.canParse(said.jwks_uri) ? new URL(said.jwks_uri) : undefined;
  const isOwn = target?.host === new URL(url).host;
  if (!target || !(isOwn || allowedHosts.includes(target.hostname))) {
    throw new KeysNotRead('the keys lie on a host that HUB_ALLOWED_HOSTS does not list');
  }
  return target.href;
}

/** The text of the key set; throws KeysNotRead. */
export async function readKeyServer(server: KeyServer): Promise<string> {
  const text = await read(server.url);
  return DISCOVERY.test(new URL(server.url).pathname) ? read(addressIn(text, server)) : text;
}
