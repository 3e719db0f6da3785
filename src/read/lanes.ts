/**
 * Pinned connections shared by all requests. A lane answers in the order it was asked: where the
 * request before it was somebody else's, the actor's settings go out first and the query right behind
 * them. The query itself compares the settings, so a setting that failed, was lost with a connection
 * or belongs to somebody else gives no row instead of somebody else's rows.
 *
 * While every lane is busy, a few requests are written behind those under way: PostgreSQL then finds
 * the next one waiting instead of going to sleep, which is a third of the throughput.
 */
import { settingsKey } from '../access/actor.ts';
import { HubError } from '../base/errors.ts';
import type { Sql } from '../platform/database.ts';
import { watchLanes } from '../platform/metrics.ts';
import { type Ask, askLane, type Cancel, type Lane, type LaneOptions } from './ask-lane.ts';
import { watchUnwanted } from './unwanted.ts';

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

/** `open` makes a client of one connection, read only, of the database role `api`. */
export function openLanes(open: () => Sql, size: number, { spreads }: LaneOptions): Lanes {
  const all: Lane[] = Array.from({ length: size }, () => newLane(open));
  const waiting: (() => void)[] = [];
  const canceller = open();
  const unwanted = watchUnwanted();

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

  const unwatch = watchLanes(() => ({
    open: all.length,
    busy: all.filter(({ underWay }) => underWay > 0).length,
    waiting: waiting.length,
  }));
  return {
    async ask(ask) {
      const lane = await take(settingsKey(ask.actor));
      try {
        return await askLane(lane, ask, { cancel, spreads, unwanted });
      } finally {
        give(lane);
      }
    },
    async close() {
      unwatch();
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
