/**
 * Who is asking. A token proves only *who*: signed by a key we hold, with an algorithm we chose, for
 * this hub, not expired. What the actor may do comes from the table `actor`; roles written in the
 * token are ignored. A revoked actor is refused within ACTOR_LIFETIME_MS.
 *
 * Anything unusual in the token's header is refused rather than understood: no address or key inside
 * a token is ever followed (RFC 8725).
 */
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { Actor } from '../access/actor.ts';
import type { Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Sql } from '../platform/database.ts';
import { TOKEN_ALGORITHMS, type TokenKeys } from '../platform/keys.ts';

export type SignIn = (authorization: string | undefined) => Promise<Actor>;

const ACTOR_LIFETIME_MS = 5_000;
const LONGEST_TOKEN = 4_096;
const MOST_REMEMBERED = 2_000;
const CLOCK_TOLERANCE_S = 60;
const LONGEST_TOKEN_AGE = '24h';
const KNOWN_HEADERS = new Set(['alg', 'kid', 'typ']);
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

type ActorRow = { name: string; roles: string[]; authorities: number[] };

/** Reads an actor's present rights; a disabled actor does not exist. */
async function findActor(sql: Sql, actorId: string): Promise<Actor | undefined> {
  const rows = await sql.begin('read only', async (tx) => {
    await tx`select set_config('hub.actor', ${actorId}, true)`;
    return tx<ActorRow[]>`
      select a.name, a.roles, array(
        select u.authority_id from hub.authority u where u.code = any(a.authorities) order by 1
      ) as authorities
      from hub.actor a where a.actor_id = ${actorId} and a.is_enabled`;
  });
  const [row] = rows;
  return row && { id: actorId, ...row };
}

type Remembered = Verified & { actor: Promise<Actor | undefined>; until: number };

/** Checks the Authorization header of a request; throws auth.required, auth.invalid or auth.unavailable. */
export function createSignIn(options: { sql: Sql; keys: TokenKeys; clock: Clock }): SignIn {
  const { sql, keys, clock } = options;
  const remembered = new Map<string, Remembered>();

  async function remember(token: string, now: number): Promise<Remembered> {
    const verified = await verify(token, keys, clock);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    const entry = {
      ...verified,
      actor: findActor(sql, verified.actorId),
      until: now + ACTOR_LIFETIME_MS,
    };
    remembered.set(token, entry);
    entry.actor.catch(() => remembered.delete(token));
    return entry;
  }

  return async (authorization) => {
    const token = bearer(authorization);
    const now = clock.now().getTime();
    const known = remembered.get(token);
    const isFresh = known !== undefined && now < known.until && now < known.expiresAtMs;
    const entry = isFresh ? known : await remember(token, now);
    const actor = await entry.actor;
    if (!actor) throw refuse();
    return actor;
  };
}
