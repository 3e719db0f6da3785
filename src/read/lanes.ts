/**
 * Pinned connections shared by all requests. A lane takes one request at a time: where the lane last
 * served somebody else, the actor's settings go out first and the query behind them in the same
 * round trip. The query itself compares the settings, so a setting that failed, was lost with a
 * connection or belongs to somebody else gives no row instead of somebody else's rows.
 */
import { type Actor, SETTING_NAMES, settingsOf } from '../access/actor.ts';
import { HubError } from '../base/errors.ts';
import type { Sql } from '../platform/database.ts';
import { asReadError } from './read-error.ts';

export type Answer = { data: string; placed: boolean };
export type Query = { text: string; values: (string | null)[]; isReused: boolean };
export type Ask = { actor: Actor; query: Query; signal?: AbortSignal | undefined };

type Lane = { sql: Sql; owner: string | undefined; texts: Set<string> };

export type Lanes = { ask(ask: Ask): Promise<string>; close(): Promise<void> };

/** A lane that has prepared so many statements is exchanged; PostgreSQL would keep them for ever. */
const MOST_STATEMENTS = 500;
const MOST_WAITING = 1_000;

const SET_ACTOR = `select ${SETTING_NAMES.map((name, n) => `set_config('${name}', $${n + 1}, false)`).join(', ')}`;

/** `open` makes a client of one connection, read only, of the database role `api`. */
export function openLanes(open: () => Sql, size: number): Lanes {
  const all: Lane[] = Array.from({ length: size }, () => newLane(open));
  const idle = [...all];
  const waiting: ((lane: Lane) => void)[] = [];

  /** A lane that served this actor last needs no settings sent. */
  const take = (owner: string): Promise<Lane> => {
    const own = idle.findLastIndex((lane) => lane.owner === owner);
    const [lane] = idle.splice(own, 1);
    if (lane) return Promise.resolve(lane);
    if (waiting.length >= MOST_WAITING) throw new HubError('database.unavailable');
    return new Promise((resolve) => waiting.push(resolve));
  };
  const give = (lane: Lane) => {
    const next = waiting.shift();
    if (next) next(lane);
    else idle.push(lane);
  };

  return {
    async ask(ask) {
      const lane = await take(ownerOf(ask.actor));
      try {
        if (lane.texts.size >= MOST_STATEMENTS) renew(lane, open);
        return await askLane(lane, ask);
      } finally {
        give(lane);
      }
    },
    async close() {
      await Promise.all(all.map(({ sql }) => sql.end({ timeout: 2 })));
    },
  };
}

const newLane = (open: () => Sql): Lane => ({ sql: open(), owner: undefined, texts: new Set() });

function renew(lane: Lane, open: () => Sql) {
  const old = lane.sql;
  Object.assign(lane, newLane(open));
  void old.end({ timeout: 2 });
}

/** Asks once more with the settings sent anew where the lane had lost them (a lost connection). */
async function askLane(lane: Lane, ask: Ask): Promise<string> {
  const isOwn = lane.owner === ownerOf(ask.actor);
  const first = await askOnce(lane, ask, isOwn);
  const answer = first ?? (isOwn ? await askOnce(lane, ask, false) : undefined);
  // Settings that did not arrive mean a connection lost in between; trying again may help.
  if (!answer) throw new HubError('database.unavailable');
  if (!answer.placed) throw new HubError('cursor.invalid');
  return answer.data;
}

const ownerOf = (actor: Actor) => settingsOf(actor).join('\n');

async function askOnce(
  lane: Lane,
  { actor, query, signal }: Ask,
  isOwn: boolean,
): Promise<Answer | undefined> {
  if (signal?.aborted) throw new HubError('request.invalid', { reason: 'cancelled' });
  lane.owner = undefined;
  const setting = isOwn ? Promise.resolve(true) : sendSettings(lane, actor);
  if (query.isReused) lane.texts.add(query.text);
  const pending = lane.sql.unsafe<Answer[]>(query.text, query.values, { prepare: query.isReused });
  let cancelling: unknown;
  const cancel = () => {
    cancelling = pending.cancel();
  };
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const [row] = await pending;
    const isSet = await setting;
    if (row && isSet) lane.owner = ownerOf(actor);
    return isSet ? row : undefined;
  } catch (error) {
    throw asReadError(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
    // The lane stays taken until the cancellation has arrived, or it would hit the next request.
    await Promise.allSettled([setting, cancelling]);
  }
}

/** Written to the socket at once; the query follows in the same round trip. */
function sendSettings(lane: Lane, actor: Actor): Promise<boolean> {
  const set = lane.sql.unsafe(SET_ACTOR, [...settingsOf(actor)], { prepare: true }).execute();
  return set.then(
    () => true,
    () => false,
  );
}
