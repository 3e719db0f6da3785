/**
 * Who is asking. A token proves only *who*: signed by a key we hold, with an algorithm we chose, for
 * this hub, not expired. What the actor may do comes from the table `actor`; roles written in the
 * token are ignored. The database tells when that table changes, and what is remembered of it is
 * forgotten at once; where that line is cut, within ACTOR_LIFETIME_MS.
 *
 * Anything unusual in the token's header is refused rather than understood: no address or key inside
 * a token is ever followed (RFC 8725).
 */
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { type Actor, setLocal } from '../access/actor.ts';
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import { TOKEN_ALGORITHMS } from '../base/public-keys.ts';
import type { Sql } from '../platform/database.ts';
import type { TokenKeys } from '../platform/keys.ts';

export type SignIn = (authorization: string | undefined) => Promise<Actor>;

const ACTOR_LIFETIME_MS = 5_000;
const LONGEST_TOKEN = 4_096;
const MOST_REMEMBERED = 2_000;
const CLOCK_TOLERANCE_S = 60;
const LONGEST_TOKEN_AGE = '24h';
/** Thumbprints are named by some providers; nothing is looked up by them. */
const KNOWN_HEADERS = new Set(['alg', 'kid', 'typ', 'x5t', 'x5t#S256']);
const KNOWN_TYPES = new Set(['JWT', 'at+jwt']);
const CLAIMS = ['exp', 'nbf', 'iat', 'iss', 'aud', 'sub'];
const ACTOR_ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

const refuse = (cause?: unknown) => new HubError('auth.invalid', {}, cause);

function bearer(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') throw new HubError('auth.required');
  const [scheme, token, ...rest] = authorization.split(' ');
  const isBearer = scheme?.toLowerCase() === 'bearer' && rest.length === 0;
  if (!isBearer || !token || token.length > LONGEST_TOKEN) throw refuse();
  return token;
}

function checkHeader(token: string) {
  const header = decodeProtectedHeader(token);
  const isPlain = Object.keys(header).every((name) => KNOWN_HEADERS.has(name));
  const isType = header.typ === undefined || KNOWN_TYPES.has(header.typ);
  if (!isPlain || !isType) throw refuse();
}

/** JSON keeps the last of two equal names, other readers the first: a doubled claim has two meanings. */
function checkNotDoubled(token: string) {
  const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  for (const claim of CLAIMS) {
    if (text.split(`"${claim}"`).length > 2) throw refuse();
  }
}

/** The key server failing is not the caller's fault, and trying again later may help. */
const isKeyServerFailure = (error: unknown) =>
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  !(error instanceof errors.JOSEError);

type Verified = { actorId: string; expiresAtMs: number };

async function verify(token: string, keys: TokenKeys, clock: Clock): Promise<Verified> {
  try {
    checkHeader(token);
    checkNotDoubled(token);
  } catch (error) {
    throw error instanceof HubError ? error : refuse(error);
  }
  let payload: Awaited<ReturnType<typeof jwtVerify>>['payload'];
  try {
    ({ payload } = await jwtVerify(token, keys.find, {
      algorithms: [...TOKEN_ALGORITHMS],
      issuer: keys.issuer,
      audience: keys.audience,
      requiredClaims: ['exp', 'iat', 'sub', 'iss', 'aud'],
      maxTokenAge: LONGEST_TOKEN_AGE,
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: clock.now(),
    }));
  } catch (error) {
    throw isKeyServerFailure(error) ? new HubError('auth.unavailable', {}, error) : refuse(error);
  }
  const { sub, exp } = payload;
  if (typeof sub !== 'string' || !ACTOR_ID.test(sub) || typeof exp !== 'number') throw refuse();
  return { actorId: sub, expiresAtMs: (exp + CLOCK_TOLERANCE_S) * 1000 };
}

type ActorRow = {
  name: string;
  roles: string[];
  authorities: number[];
  isEnabled: boolean;
  isInForce: boolean;
};

/** An account, or why there is none to open. */
type RefusedAccount = 'auth.account-disabled' | 'auth.account-not-in-force' | 'auth.no-account';
type Account = { actor: Actor } | { code: RefusedAccount };

/** Reads an account's present rights, as the one who asks: nobody's rows but one's own name are open yet. */
async function findAccount(sql: Sql, actorId: string, clock: Clock): Promise<Account> {
  const nobody: Actor = { id: actorId, name: '', roles: [], authorities: [] };
  const rows = await sql.begin('read only', async (tx) => {
    await tx.unsafe(setLocal(nobody));
    return tx<ActorRow[]>`
      select a.name, a.roles, a.is_enabled as "isEnabled",
        ${clock.today()}::date between a.valid_from and a.valid_through as "isInForce",
        array(
          select u.authority_id from hub.authority u where u.code = any(a.authorities) order by 1
        ) as authorities
      from hub.actor a where a.actor_id = ${actorId}`;
  });
  const [row] = rows;
  if (!row) return { code: 'auth.no-account' };
  if (!row.isEnabled) return { code: 'auth.account-disabled' };
  if (!row.isInForce) return { code: 'auth.account-not-in-force' };
  const { name, roles, authorities } = row;
  return { actor: { id: actorId, name, roles, authorities } };
}

type Remembered = Verified & { account: Promise<Account>; until: number };

/** PostgreSQL says on this channel that an account changed (migrations/always.sql). */
const CHANNEL = 'hub_actor';

/** Calls `forget` whenever an account changed, or may have while nobody listened; tries again when asked. */
function openLine(sql: Sql, forget: () => void): () => void {
  let isOpen = false;
  return () => {
    if (isOpen) return;
    isOpen = true;
    // postgres.js takes the line up again by itself once it stood, and then says so.
    sql.listen(CHANNEL, forget, forget).catch(() => {
      isOpen = false;
    });
  };
}

const LONG_NUMBER = /\d{6,}/g;

/**
 * Checks the Authorization header of a request; throws auth.required, auth.invalid, auth.unavailable,
 * or where the token is good and the account is not: auth.no-account, auth.account-disabled,
 * auth.account-not-in-force, with the account's name in `details.actor`, long numbers masked.
 */
export function createSignIn(options: { sql: Sql; keys: TokenKeys; clock: Clock }): SignIn {
  const { sql, keys, clock } = options;
  const remembered = new Map<string, Remembered>();
  const listen = openLine(sql, () => remembered.clear());

  async function remember(token: string, now: number): Promise<Remembered> {
    listen();
    const verified = await verify(token, keys, clock);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    const entry = {
      ...verified,
      account: findAccount(sql, verified.actorId, clock),
      until: now + ACTOR_LIFETIME_MS,
    };
    remembered.set(token, entry);
    entry.account.catch(() => remembered.delete(token));
    return entry;
  }

  return async (authorization) => {
    const token = bearer(authorization);
    const now = clock.now().getTime();
    const known = remembered.get(token);
    const isFresh = known !== undefined && now < known.until && now < known.expiresAtMs;
    const entry = isFresh ? known : await remember(token, now);
    const account = await entry.account;
    if ('actor' in account) return account.actor;
    throw new HubError(account.code, { actor: entry.actorId.replace(LONG_NUMBER, '#') });
  };
}
