/** Keys that sign tokens: made and used by the demo, by tests, and where an office has no provider yet. */
import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, type JWK, SignJWT } from 'jose';
import type { Clock } from '../base/clock.ts';

export type SigningAlgorithm = 'EdDSA' | 'ES256' | 'RS256' | 'PS256';

/** A private key with the name under which its public part stands in a key set. */
export type SigningKey = JWK & { kty: string; kid: string; alg: SigningAlgorithm };

export type Mint = (actorId: string, minutes?: number) => Promise<string>;

const RSA_BITS = 3072;
const DEFAULT_MINUTES = 12 * 60;

function privateJwk(alg: SigningAlgorithm): JWK {
  const pair =
    alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  return pair.privateKey.export({ format: 'jwk' }) as JWK;
}

/** A new key, named by its own thumbprint (RFC 7638). */
export async function makeSigningKey(alg: SigningAlgorithm): Promise<SigningKey> {
  const jwk = privateJwk(alg);
  const kid = await calculateJwkThumbprint(jwk);
  return { ...jwk, kty: jwk.kty ?? '', kid, alg };
}

/** What everyone may know of it. */
export function publicPart({ kty, crv, x, y, n, e, kid, alg }: SigningKey): JWK & { kty: string } {
  const parts = Object.entries({ crv, x, y, n, e }).filter(([, value]) => value !== undefined);
  return { kty, ...Object.fromEntries(parts), kid, alg, use: 'sig' };
}

/** Signs tokens of this issuer for this audience. */
export async function openMint(
  key: SigningKey,
  { issuer, audience, clock }: { issuer: string; audience: string; clock: Clock },
): Promise<Mint> {
  const { alg, kid } = key;
  const secret = await importJWK(key, alg);
  return (actorId, minutes = DEFAULT_MINUTES) => {
    const now = Math.floor(clock.now().getTime() / 1000);
    return new SignJWT({})
      .setProtectedHeader({ alg, kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(actorId)
      .setIssuedAt(now)
      .setExpirationTime(now + minutes * 60)
      .sign(secret);
  };
}
