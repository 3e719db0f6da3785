/** The keys an installation brings: read from files that others cannot read, weak ones refused. */
import { invalid } from './invalid-setting.ts';
import { readPrivateFile, readPublicFile } from './private-file.ts';
import { readKeySet } from './public-keys.ts';
import { Secret } from './secret.ts';
import type { Settings } from './settings.ts';

/** Who signs the tokens the hub accepts. */
export type SignInSettings =
  | Readonly<{ kind: 'demo' }>
  | Readonly<{ kind: 'file'; issuer: string; audience: string; path: string }>
  | Readonly<{
      kind: 'url';
      issuer: string;
      audience: string;
      /** Of a key set, or of a provider's description of itself. */
      url: string;
      /** Hosts the installation may call; empty: the one of the address alone. */
      allowedHosts: readonly string[];
    }>;

const LEAST_KEY = 32;
const LEAST_DISTINCT = 10;

export const hasSignIn = (given: Settings) =>
  given.HUB_JWT_PUBLIC_KEY_FILE !== undefined || given.HUB_JWT_JWKS !== undefined;

/** The key behind every person key; undefined leaves it to the demo to make its own. */
export function readIdentityKey(given: Settings): Secret | undefined {
  const name = 'HUB_IDENTITY_KEY_FILE';
  if (given[name] === undefined) return undefined;
  const text = readPrivateFile(name, given[name]);
  if (text.length < LEAST_KEY || new Set(text).size < LEAST_DISTINCT) {
    throw invalid(name, `must hold at least ${LEAST_KEY} random characters`);
  }
  if (/^(demo|test|change-me)\b/i.test(text)) throw invalid(name, 'holds the key of a demo');
  return new Secret(text);
}

/** How tokens are checked; without a key set the hub signs its own, for the demo. */
export function readSignIn(given: Settings): SignInSettings {
  const name = 'HUB_JWT_PUBLIC_KEY_FILE';
  const { [name]: path, HUB_JWT_JWKS: url } = given;
  if (path !== undefined && url !== undefined) {
    throw invalid(name, 'and HUB_JWT_JWKS exclude each other');
  }
  if (path === undefined && url === undefined) return { kind: 'demo' };
  const { HUB_JWT_ISSUER: issuer, HUB_JWT_AUDIENCE: audience } = given;
  if (issuer === undefined) throw invalid('HUB_JWT_ISSUER', 'is required where tokens are checked');
  if (audience === undefined) {
    throw invalid('HUB_JWT_AUDIENCE', 'is required where tokens are checked');
  }
  if (url !== undefined) {
    const { HUB_ALLOWED_HOSTS: allowedHosts } = given;
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    if (allowedHosts.length > 0 && !allowedHosts.includes(host)) {
      throw invalid('HUB_JWT_JWKS', 'names a host that HUB_ALLOWED_HOSTS does not list');
    }
    return { kind: 'url', issuer, audience, url, allowedHosts };
  }
  if (path === undefined) return { kind: 'demo' };
  checkKeySet(name, readPublicFile(name, path));
  return { kind: 'file', issuer, audience, path };
}

/** Public keys of the kinds whose tokens the hub accepts, and no private one by mistake. */
function checkKeySet(name: string, text: string) {
  if (text.includes('PRIVATE KEY')) throw invalid(name, 'holds a private key');
  const keys = readKeySet(text, true);
  if (keys === 'no key set') throw invalid(name, 'is no JSON Web Key Set of public keys');
  if (keys === 'a key of another kind') {
    throw invalid(
      name,
      'holds a key that is neither Ed25519, P-256 nor RSA of 2048 bits, for signing',
    );
  }
  if (keys === 'a private key') throw invalid(name, 'holds a private key');
}
