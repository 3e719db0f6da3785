/**
 * Pinned connections shared by all requests. A lane answers in the order it was asked: where the
 * request before it was somebody else's, the actor's settings go out first and the query right behind
 * them. The query itself compares the settings, so a setting that failed, was lost with a connection
 * or belongs to somebody else gives no row instead of somebody else's rows.
 *
 * While every lane is busy, a few requests are written behind those under way: PostgreSQL then finds
 * the next one waiting instead of going to sleep, which is a third of the throughput.
 */
import { type Actor, SETTING_NAMES, setLocal, settingsOf } from '../access/actor.ts';
import { HubError } from '../base/errors.ts';
import type { Sql } from '../platform/database.ts';
import { asReadError } from './read-error.ts';

export type Answer = { data: string; placed: boolean };
export type Query = { text: string; values: (string | null)[] };
export type Ask = { actor: Actor; query: Query; signal?: AbortSignal | undefined };

type Lane = {
  sql: Sql;
  /** Whose settings the connection will have when what was sent so far has run. */
  owner: string | undefined;
  texts: Set<string>;
  /** Requests sent and not yet answered. */
  underWay: number;
  /** When the request now running was sent or came to the front. */
  runningSince: number;
  /** Takes nobody, and gets a new connection when it is empty. */
  isClosed: boolean;
  /** Cancellations on their way to PostgreSQL: until they have arrived the lane takes nobody. */
  cancellations: number;
  cancelledAt: number;
};

export type Lanes = { ask(ask: Ask): Promise<string>; close(): Promise<void> };

/** A lane that has prepared so many statements is exchanged; PostgreSQL would keep them for ever. */
const MOST_STATEMENTS = 500;
const MOST_WAITING = 1_000;
/** Requests written to one lane before the first of them is answered. */
const MOST_UNDER_WAY = 8;
/** Few well-filled lanes answer short queries faster than many; the others stand by for slow ones. */
const FRONT_LANES = 4;
/** A lane that has not answered for so long is running a slow query: nobody is put behind it. */
const SLOW_MS = 50;
/**
 * Whoever types ahead hangs up on most requests. Their queries end by themselves within this time and
 * are discarded; only slower ones are worth a cancellation.
 */
const LONGEST_UNWANTED_MS = 200;
/** So long a query may have been hit by the cancellation of the one before it. */
const CANCELLATION_ARRIVES_MS = 1_000;

const SET_ACTOR = `select ${SETTING_NAMES.map((name, n) => `set_config('${name}', $${n + 1}, false)`).join(', ')}`;

export type LaneOptions = {
  /** The server spreads tables over others: the actor's settings go with each query, in a transaction. */
  spreads: boolean;
};

/** `open` makes a client of one connection, read only, of the database role `api`. */
export function openLanes(open: () => Sql, size: number, { spreads }: LaneOptions): Lanes {
  const all: Lane[] = Array.from({ length: size }, () => newLane(open));
  const waiting: (() => void)[] = [];
  const canceller = open();

  const canTake = ({ isClosed, cancellations, underWay, runningSince }: Lane): boolean =>
    !isClosed &&
    cancellations === 0 &&
    (underWay === 0 || (underWay < MOST_UNDER_WAY && performance.now() - runningSince < SLOW_MS));

  /** Of these the lane with the least to do; of equals one that served this actor last. */
  const pickOf = (lanes: readonly Lane[], owner: string): Lane | undefined => {
    let best: Lane | undefined;
    for (const lane of lanes) {
      if (!canTake(lane)) continue;
      const isBetter =
        !best ||
        lane.underWay < best.underWay ||
        (lane.underWay === best.underWay && lane.owner === owner && best.owner !== owner);
      if (isBetter) best = lane;
    }
    return best;
  };
  const front = all.slice(0, FRONT_LANES);
  const reserve = all.slice(FRONT_LANES);
  const pick = (owner: string) => pickOf(front, owner) ?? pickOf(reserve, owner);
  const take = async (owner: string): Promise<Lane> => {
    for (;;) {
      const lane = pick(owner);
      if (lane) {
        if (lane.underWay === 0) lane.runningSince = performance.now();
        lane.underWay += 1;
        return lane;
      }
      if (waiting.length >= MOST_WAITING) throw new HubError('database.unavailable');
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const give = (lane: Lane) => {
    lane.underWay -= 1;
    lane.runningSince = performance.now();
    if (lane.texts.size >= MOST_STATEMENTS) lane.isClosed = true;
    if (lane.isClosed && lane.underWay === 0) renew(lane, open);
    admit();
  };
  // Two for one: a lane that was slow has room for more than the one it just answered.
  const admit = () => {
    waiting.shift()?.();
    waiting.shift()?.();
  };
  /** Asked over a connection of its own: when the answer is here, the signal has been sent. */
  const cancel: Cancel = async (lane, pid) => {
    lane.cancellations += 1;
    lane.cancelledAt = performance.now();
    try {
      // As whoever signed in: the role taken afterwards may not cancel what belongs to the login.
      await canceller.unsafe(`set role none; select pg_cancel_backend(${Number(pid)})`).simple();
    } catch {
      // The time limit of the statement ends it instead.
    } finally {
      lane.cancellations -= 1;
      admit();
    }
  };

  return {
    async ask(ask) {
      const lane = await take(ownerOf(ask.actor));
      try {
        return await askLane(lane, ask, { cancel, spreads });
      } finally {
        give(lane);
      }
    },
    async close() {
      await Promise.all(
        [canceller, ...all.map(({ sql }) => sql)].map((sql) => sql.end({ timeout: 2 })),
      );
    },
  };
}

const newLane = (open: () => Sql): Lane => ({
  ...{ sql: open(), owner: undefined, texts: new Set() },
  ...{
    underWay: 0,
    runningSince: 0,
    isClosed: false,
    cancellations: 0,
    cancelledAt: Number.NEGATIVE_INFINITY,
  },
});

function renew(lane: Lane, open: () => Sql) {
  const old = lane.sql;
  Object.assign(lane, newLane(open));
  void old.end({ timeout: 2 });
}

type Cancel = (lane: Lane, pid: number) => Promise<void>;
type Means = LaneOptions & { cancel: Cancel };

/**
 * Asks once more, settings first, where the connection was lost between the settings and the query, or
 * where the cancellation of the query before it came late and hit this one.
 */
async function askLane(lane: Lane, ask: Ask, means: Means): Promise<string> {
  const isOwn = !means.spreads && lane.owner === ownerOf(ask.actor);
  const answer =
    (await askOnce(lane, ask, isOwn, means)) ?? (await askOnce(lane, ask, false, means));
  if (!answer) throw new HubError('database.unavailable');
  if (!answer.placed) throw new HubError('cursor.invalid');
  return answer.data;
}

const ownerOf = (actor: Actor) => settingsOf(actor).join('\n');

async function askOnce(
  lane: Lane,
  { actor, query, signal }: Ask,
  isOwn: boolean,
  { cancel, spreads }: Means,
): Promise<Answer | undefined> {
  if (signal?.aborted) throw new HubError('request.invalid', { reason: 'cancelled' });
  const setting = isOwn ? Promise.resolve(true) : sendSettings(lane, actor, spreads);
  // What is sent next runs after these settings, so they are the lane's from now on.
  lane.owner = ownerOf(actor);
  lane.texts.add(query.text);
  // Unprepared, postgres.js would ask for the parameters' types first and send the query later, behind
  // somebody else's settings.
  const pending = lane.sql.unsafe<Answer[]>(query.text, query.values, { prepare: true });
  // Awaiting alone would send it two ticks later, behind whoever asks in between.
  pending.execute();
  const ended = spreads ? sent(lane.sql.unsafe('commit').simple()) : undefined;
  const end = whenUnwanted(signal, () => stop(lane, pending, cancel));
  try {
    const [row] = await pending;
    const isSet = await setting;
    if (!row || !isSet) lane.owner = undefined;
    return isSet ? row : undefined;
  } catch (error) {
    lane.owner = undefined;
    const isMistaken = performance.now() - lane.cancelledAt < CANCELLATION_ARRIVES_MS;
    if (isCancelled(error) && isMistaken && !signal?.aborted) return undefined;
    throw asReadError(error);
  } finally {
    end();
    await setting;
    await ended;
  }
}

/** Calls `late` again and again from a while after the caller has gone, until it is told to end. */
function whenUnwanted(signal: AbortSignal | undefined, late: () => void): () => void {
  if (!signal) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setInterval(late, LONGEST_UNWANTED_MS);
  };
  signal.addEventListener('abort', begin, { once: true });
  return () => {
    signal.removeEventListener('abort', begin);
    clearInterval(timer);
  };
}

/** postgres.js knows the server process of a query once it runs, and whether it does. */
type Running = { active?: boolean; state?: { pid?: number } | null };

/** Cancels a query that is running; one that still waits behind others is asked about again. */
function stop(lane: Lane, pending: object, cancel: Cancel): void {
  const { active, state }: Running = pending;
  if (active && state?.pid && lane.cancellations === 0) void cancel(lane, state.pid);
}

const isCancelled = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '57014';

/** Written to the socket at once; the query follows in the same round trip. */
function sendSettings(lane: Lane, actor: Actor, spreads: boolean): Promise<boolean> {
  return sent(
    spreads
      ? lane.sql.unsafe(`begin; ${setLocal(actor)}`).simple()
      : lane.sql.unsafe(SET_ACTOR, [...settingsOf(actor)], { prepare: true }),
  );
}

const sent = (query: { execute(): PromiseLike<unknown> }): Promise<boolean> =>
  Promise.resolve(query.execute()).then(
    () => true,
    () => false,
  );
