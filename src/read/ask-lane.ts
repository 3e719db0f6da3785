/**
 * One request on one lane: the actor's settings where the lane has somebody else's, the query behind
 * them in the same round trip, and what is done about a caller who has gone.
 */
import { type Actor, SETTING_NAMES, setLocal, settingsKey, settingsOf } from '../access/actor.ts';
import { HubError } from '../base/errors.ts';
import type { Sql } from '../platform/database.ts';
import { asReadError } from './read-error.ts';
import { invalidRequest } from './refused-request.ts';
import type { Unwanted } from './unwanted.ts';

export type Answer = { data: string; placed: boolean };
export type Query = { text: string; values: (string | null)[] };
export type Ask = { actor: Actor; query: Query; signal?: AbortSignal | undefined };

export type Lane = {
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

export type LaneOptions = {
  /** The server spreads tables over others: the actor's settings go with each query, in a transaction. */
  spreads: boolean;
};

/** So long a query may have been hit by the cancellation of the one before it. */
const CANCELLATION_ARRIVES_MS = 1_000;

const SET_ACTOR = `select ${SETTING_NAMES.map((name, n) => `set_config('${name}', $${n + 1}, false)`).join(', ')}`;

export type Cancel = (lane: Lane, pid: number) => Promise<void>;
type Means = LaneOptions & { cancel: Cancel; unwanted: Unwanted };

/**
 * Asks once more, settings first, where the connection was lost between the settings and the query, or
 * where the cancellation of the query before it came late and hit this one.
 */
export async function askLane(lane: Lane, ask: Ask, means: Means): Promise<string> {
  const isOwn = !means.spreads && lane.owner === settingsKey(ask.actor);
  const answer =
    (await askOnce(lane, ask, isOwn, means)) ?? (await askOnce(lane, ask, false, means));
  if (!answer) throw new HubError('database.unavailable');
  if (!answer.placed) throw new HubError('cursor.invalid');
  return answer.data;
}

async function askOnce(
  lane: Lane,
  { actor, query, signal }: Ask,
  isOwn: boolean,
  { cancel, spreads, unwanted }: Means,
): Promise<Answer | undefined> {
  if (signal?.aborted) throw invalidRequest('调用方已断开', 'the caller has gone');
  const setting = isOwn ? Promise.resolve(true) : sendSettings(lane, actor, spreads);
  // What is sent next runs after these settings, so they are the lane's from now on.
  lane.owner = settingsKey(actor);
  lane.texts.add(query.text);
  // Unprepared, postgres.js would ask for the parameters' types first and send the query later, behind
  // somebody else's settings.
  const pending = lane.sql.unsafe<Answer[]>(query.text, query.values, { prepare: true });
  // Awaiting alone would send it two ticks later, behind whoever asks in between.
  pending.execute();
  const ended = spreads ? sent(lane.sql.unsafe('commit').simple()) : undefined;
  const end = signal && unwanted.watch(signal, () => stop(lane, pending, cancel));
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
    end?.();
    await setting;
    await ended;
  }
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
