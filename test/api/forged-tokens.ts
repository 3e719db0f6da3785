/** Tokens that must not open anything, each wrong in one way (RFC 8725 and claims of every shape). */
import {
  constants,
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { DEMO_AUDIENCE, DEMO_ISSUER } from '../../src/platform/keys.ts';

type Json = Record<string, unknown>;
type Signer = (input: string) => Buffer;

const encode = (text: string) => Buffer.from(text).toString('base64url');

export const ed25519 =
  (key: KeyObject): Signer =>
  (input) =>
    sign(null, Buffer.from(input), key);
const hmac =
  (secret: string): Signer =>
  (input) =>
    createHmac('sha256', createSecretKey(Buffer.from(secret)))
      .update(input)
      .digest();

export const goodClaims = (now: number): Json => ({
  sub: 'analyst',
  iss: DEMO_ISSUER,
  aud: DEMO_AUDIENCE,
  iat: now,
  exp: now + 600,
});

const HEADER = { alg: 'EdDSA', kid: 'demo', typ: 'JWT' };

export function tokenOf(signer: Signer, header: Json, payload: Json | string): string {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const input = `${encode(JSON.stringify(header))}.${encode(body)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

/** RSA in both paddings, whatever the header says about it. */
const rsa =
  (key: KeyObject, isPss: boolean, hash = 'sha256'): Signer =>
  (input) =>
    sign(hash, Buffer.from(input), {
      key,
      ...(isPss
        ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(hash.slice(3)) / 8 }
        : { padding: constants.RSA_PKCS1_PADDING }),
    });

/** Good tokens under an RSA key whose set names no algorithm: providers use either padding. */
export const rsaTokens = (key: KeyObject, kid: string, now: number): [string, string][] => [
  ['RS256', tokenOf(rsa(key, false), { alg: 'RS256', kid, typ: 'JWT' }, goodClaims(now))],
  ['PS256', tokenOf(rsa(key, true), { alg: 'PS256', kid, typ: 'at+jwt' }, goodClaims(now))],
  [
    'RS256 with a thumbprint',
    tokenOf(rsa(key, false), { alg: 'RS256', kid, typ: 'JWT', x5t: 'abc' }, goodClaims(now)),
  ],
];

/** Tokens that confuse one algorithm with another, all made with what an attacker may have. */
export function confusedTokens(
  own: KeyObject,
  publicKey: KeyObject,
  { free, fixed }: { free: string; fixed: string },
  now: number,
): [string, string][] {
  const good = goodClaims(now);
  const header = (alg: string, kid: string) => ({ alg, kid, typ: 'JWT' });
  const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const { n = '' } = publicKey.export({ format: 'jwk' });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return [
    ['HS256 with the RSA key as PEM', tokenOf(hmac(pem), header('HS256', free), good)],
    [
      'HS256 with the PEM without its last line',
      tokenOf(hmac(pem.trim()), header('HS256', free), good),
    ],
    ['HS256 with the modulus', tokenOf(hmac(n), header('HS256', free), good)],
    ['PS256 under a key for RS256', tokenOf(rsa(own, true), header('PS256', fixed), good)],
    ['RS256 said, PS256 signed', tokenOf(rsa(own, true), header('RS256', free), good)],
    ['PS256 said, RS256 signed', tokenOf(rsa(own, false), header('PS256', free), good)],
    ['RS512', tokenOf(rsa(own, false, 'sha512'), header('RS512', free), good)],
    ['RS1', tokenOf(rsa(own, false, 'sha1'), header('RS1', free), good)],
    ['PS384', tokenOf(rsa(own, true, 'sha384'), header('PS384', free), good)],
    ['EdDSA under an RSA key', tokenOf(rsa(own, false), header('EdDSA', free), good)],
    ['another RSA key', tokenOf(rsa(stranger, false), header('RS256', free), good)],
    ['RSA under the Ed25519 key', tokenOf(rsa(own, false), header('RS256', 'demo'), good)],
    ['an empty signature', tokenOf(() => Buffer.alloc(0), header('RS256', free), good)],
  ];
}

/** One token per way of being wrong; `key` is the hub's own, so only the stated wrong is wrong. */
export function forgedTokens(key: KeyObject, publicKey: string, now: number): [string, string][] {
  const own = ed25519(key);
  const stranger = ed25519(generateKeyPairSync('ed25519').privateKey);
  const strangerJwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const good = goodClaims(now);
  const header = (more: Json) => tokenOf(own, { ...HEADER, ...more }, good);
  const claim = (more: Json) => tokenOf(own, HEADER, { ...good, ...more });
  const without = (name: string) => {
    const { [name]: _, ...rest } = good;
    return tokenOf(own, HEADER, rest);
  };
  const valid = tokenOf(own, HEADER, good);
  const [head = '', body = '', mac = ''] = valid.split('.');
  const text = JSON.stringify(good);
  return [
    ['alg none, no signature', tokenOf(() => Buffer.alloc(0), { ...HEADER, alg: 'none' }, good)],
    ['alg None', tokenOf(() => Buffer.alloc(0), { ...HEADER, alg: 'None' }, good)],
    ['HS256 with the public key', tokenOf(hmac(publicKey), { ...HEADER, alg: 'HS256' }, good)],
    ['HS256 with an empty secret', tokenOf(hmac(' '), { ...HEADER, alg: 'HS256' }, good)],
    ['alg RS256', header({ alg: 'RS256' })],
    ['alg ES256 under an Ed25519 key', header({ alg: 'ES256' })],
    ['another key', tokenOf(stranger, HEADER, good)],
    ['unknown kid', header({ kid: 'other' })],
    ['kid as a path', header({ kid: '../../etc/passwd' })],
    ['kid as SQL', header({ kid: "' or 1=1 --" })],
    ['jku', header({ jku: 'http://127.0.0.1:9/keys' })],
    ['x5u', header({ x5u: 'http://127.0.0.1:9/cert' })],
    ['jwk', tokenOf(stranger, { ...HEADER, jwk: strangerJwk }, good)],
    ['x5c', header({ x5c: ['MIIB'] })],
    ['crit', header({ crit: ['exp'], exp: now })],
    ['b64 false', header({ b64: false, crit: ['b64'] })],
    ['zip', header({ zip: 'DEF' })],
    ['another type of token', header({ typ: 'logout+jwt' })],
    ['signature removed', `${head}.${body}.`],
    [
      'signature of another body',
      `${head}.${encode(JSON.stringify({ ...good, sub: 'operator' }))}.${mac}`,
    ],
    ['five parts', `${valid}.${mac}.${mac}`],
    ['body is no JSON', tokenOf(own, HEADER, 'rubbish')],
    ['body is an array', tokenOf(own, HEADER, '[]')],
    ...['exp', 'iat', 'iss', 'aud', 'sub'].map((name): [string, string] => [
      `no ${name}`,
      without(name),
    ]),
    ...['exp', 'iat', 'iss', 'aud', 'sub', 'nbf'].flatMap((name): [string, string][] => [
      [`${name} null`, claim({ [name]: null })],
      [`${name} empty`, claim({ [name]: '' })],
      [`${name} an object`, claim({ [name]: {} })],
    ]),
    ['exp passed', claim({ exp: now - 120 })],
    ['exp as text', claim({ exp: String(now + 600) })],
    ['iat in the future', claim({ iat: now + 600, exp: now + 1200 })],
    ['iat two days ago', claim({ iat: now - 172_800 })],
    ['nbf in the future', claim({ nbf: now + 600 })],
    ['another issuer', claim({ iss: 'elsewhere' })],
    ['another audience', claim({ aud: 'elsewhere' })],
    ['audiences without ours', claim({ aud: ['a', 'b'] })],
    ['subject a number', claim({ sub: 7 })],
    ['subject with a line break', claim({ sub: 'analyst\n' })],
    ['exp doubled', tokenOf(own, HEADER, text.replace('{', `{"exp":${now - 999},`))],
    ['sub doubled', tokenOf(own, HEADER, text.replace('{', '{"sub":"operator",'))],
    ['very long', claim({ padding: 'x'.repeat(5000) })],
  ];
}
