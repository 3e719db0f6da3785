/**
 * Public keys that may check a token, as a JSON Web Key Set (RFC 7517). Which algorithm a key is for
 * is decided here and by the key, never by a token.
 */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { z } from 'zod';

/** Fixed by us: whatever algorithm a token names, no other is tried. */
export const TOKEN_ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'] as const;

const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  ed25519: ['EdDSA', 'Ed25519'],
  p256: ['ES256'],
  rsa: ['RS256', 'PS256'],
};
const LEAST_RSA_BITS = 2048;

export type PublicKey = JsonWebKey & { kty: string; kid?: string; alg?: string; use?: string };

export type KeyFault = 'no key set' | 'a private key' | 'a key of another kind';

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/** Members that only private or shared keys have. */
const isPrivate = (key: object) => ['d', 'p', 'q', 'k', 'oth'].some((name) => name in key);

function familyOf(key: JsonWebKey): string | undefined {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey({
      key,
      format: 'jwk',
    });
    if (type === 'ed25519') return 'ed25519';
    if (details?.namedCurve === 'prime256v1') return 'p256';
    return type === 'rsa' && (details?.modulusLength ?? 0) >= LEAST_RSA_BITS ? 'rsa' : undefined;
  } catch {
    return undefined;
  }
}

function isUsable(key: PublicKey): boolean {
  const family = familyOf(key);
  if (family === undefined || (key.use !== undefined && key.use !== 'sig')) return false;
  return key.alg === undefined || FAMILIES[family]?.includes(key.alg) === true;
}

/**
 * The keys of a set, or what is wrong with it. Providers publish keys for other purposes beside those
 * for signing: unless `isStrict`, these are left out.
 */
export function readKeySet(text: string, isStrict: boolean): PublicKey[] | KeyFault {
  let keys: PublicKey[];
  try {
    keys = keySet.parse(JSON.parse(text)).keys as PublicKey[];
  } catch {
    return 'no key set';
  }
  if (keys.some(isPrivate)) return 'a private key';
  const usable = keys.filter(isUsable);
  const isWhole = usable.length === keys.length || !isStrict;
  return isWhole && usable.length > 0 ? usable : 'a key of another kind';
}
