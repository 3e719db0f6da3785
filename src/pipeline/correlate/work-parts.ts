/**
 * Takes the parts of a night one by one until none is left. Any number of workers, in any number of
 * processes, may do so at once: a part is held by a lock that ends with its transaction, and is marked
 * done by the transaction that wrote its findings. So a worker killed at any moment leaves a part as
 * if nobody had touched it, the next one takes it, and no part counts twice.
 */
import { HubError } from '../../base/errors.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { traced } from '../../platform/trace.ts';
import { type Part, rulesOf } from './divide-night.ts';
import type { NightContext } from './outcome.ts';
import { inSnapshot, type Night } from './prepare-night.ts';
import { type Before, runPart } from './run-part.ts';

const lockOf = ({ tables }: Night, { partNo }: Part) => `hub night ${tables.token} ${partNo}`;

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** Parts nobody has finished, and those of them to work on now: stacking waits for every other part. */
async function openParts(sql: Sql, { tables }: Night): Promise<{ open: Part[]; left: number }> {
  const parts = await sql.unsafe<Part[]>(`
    select part_no as "partNo", kind, scope, from_person as "from", to_person as "to"
    from ${tables.part} p
    where not exists (select 1 from ${tables.done} d where d.part_no = p.part_no) order by part_no`);
  const first = parts.filter(({ kind }) => kind !== 'stacking');
  return { open: first.length > 0 ? first : [...parts], left: parts.length };
}

/** The night's lease has gone to another: whatever is written now would be thrown away. */
async function isSuperseded(sql: Sql, { tables }: Night): Promise<boolean> {
  const [mine] =
    await sql`select 1 from hub.lease where name = 'night' and token = ${tables.token}`;
  return mine === undefined;
}

type Told = { ruleId: string; spentMs: number; isFailed: boolean };

async function lookBefore(sql: Sql, night: Night, part: Part): Promise<Before> {
  const { tables, plan } = night;
  const told = await sql.unsafe<Told[]>(`
    select rule_id as "ruleId", sum(milliseconds)::int as "spentMs", bool_or(is_failed) as "isFailed"
    from ${tables.outcome} group by rule_id`);
  const failed = new Set(told.filter(({ isFailed }) => isFailed).map(({ ruleId }) => ruleId));
  const evaluated = (scope: Part['scope']) =>
    (['ordinary', 'across'] as const)
      .flatMap((kind) => rulesOf(plan, { kind, scope }))
      .map(({ rule }) => rule.id)
      .filter((id) => !failed.has(id));
  return {
    whom: part.scope === 'everyone' ? part : { persons: await changedPersons(sql, night, part) },
    spentMs: new Map(told.map(({ ruleId, spentMs }) => [ruleId, spentMs])),
    failed,
    evaluated: { everyone: evaluated('everyone'), changed: evaluated('changed') },
  };
}

/** Read outside the snapshot, which is older than the table. */
async function changedPersons(sql: Sql, { tables }: Night, { from, to }: Part): Promise<string[]> {
  const rows = await sql.unsafe<{ personId: string }[]>(
    `select person_id as "personId" from ${tables.lookedAt}
     where ($1::uuid is null or person_id >= $1) and ($2::uuid is null or person_id < $2)`,
    [from, to],
  );
  return rows.map(({ personId }) => personId);
}

const fresh = <T>(sql: Sql, work: (tx: Transaction) => Promise<T>) =>
  sql.begin('isolation level repeatable read', work) as Promise<T>;

/** Works on a part unless somebody else does or did; true when it was done here. */
async function tryPart(ctx: NightContext, night: Night, part: Part): Promise<boolean> {
  const { sql } = ctx;
  const before = await lookBefore(sql, night, part);
  const work = async (tx: Transaction) => {
    const [lock] = await tx<{ isMine: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${lockOf(night, part)}, 0)) as "isMine"`;
    if (!lock?.isMine) return false;
    // Fails where a commit this snapshot cannot see was quicker.
    await tx.unsafe(`insert into ${night.tables.done} values (${part.partNo})`);
    // Its borders are persons, so a part is known by its number.
    const { partNo, kind, scope } = part;
    await traced('night.part', { partNo, kind, scope }, () =>
      runPart(ctx, tx, night, part, before),
    );
    failpoint('night.part-evaluated');
    return true;
  };
  try {
    const isDone =
      part.kind === 'stacking'
        ? await fresh(sql, work)
        : await inSnapshot(sql, night.snapshot, work);
    if (isDone) failpoint('night.part-committed');
    return isDone;
  } catch (error) {
    if (codeOf(error) === '23505') return false;
    throw error;
  }
}

/** Waits until whoever holds the part commits it or dies. */
async function waitFor(sql: Sql, night: Night, part: Part): Promise<void> {
  await sql
    .begin(async (tx) => {
      await tx`set local lock_timeout = '2s'`;
      await tx`select pg_advisory_xact_lock(hashtextextended(${lockOf(night, part)}, 0))`;
    })
    .catch((error: unknown) => {
      if (codeOf(error) !== '55P03') throw error;
    });
}

/** How workers of one process keep out of each other's way, and whom they tell how many parts are left. */
type Crew = { taken: Set<number>; onLeft(parts: number): void };

async function takeOne(ctx: NightContext, night: Night, open: Part[], crew: Crew) {
  for (const part of open.filter(({ partNo }) => !crew.taken.has(partNo))) {
    crew.taken.add(part.partNo);
    try {
      if (await tryPart(ctx, night, part)) return true;
    } finally {
      crew.taken.delete(part.partNo);
    }
  }
  return false;
}

/** One worker: returns when all parts are done, by whomever; throws `run.superseded` or `run.stopped`. */
async function oneWorker(ctx: NightContext, night: Night, crew: Crew): Promise<void> {
  for (;;) {
    if (ctx.signal?.aborted) throw new HubError('run.stopped', { name: 'night' });
    if (await isSuperseded(ctx.sql, night)) throw new HubError('run.superseded', { name: 'night' });
    const { open, left } = await openParts(ctx.sql, night);
    crew.onLeft(left);
    const [first] = open;
    if (!first) return;
    if (!(await takeOne(ctx, night, open, crew))) await waitFor(ctx.sql, night, first);
  }
}

/** Several workers in this process, on connections of their own; the first error stops them all. */
export async function workParts(
  ctx: NightContext,
  night: Night,
  workers: number,
  onLeft: (parts: number) => void = () => undefined,
): Promise<void> {
  const stop = new AbortController();
  const signal = ctx.signal ? AbortSignal.any([ctx.signal, stop.signal]) : stop.signal;
  const crew: Crew = { taken: new Set(), onLeft };
  let failure: { error: unknown } | undefined;
  await Promise.all(
    Array.from({ length: workers }, () =>
      oneWorker({ ...ctx, signal }, night, crew).catch((error: unknown) => {
        failure ??= { error };
        stop.abort();
      }),
    ),
  );
  if (failure) throw await explain(ctx, night, failure.error);
}

/** The snapshot's owner ended (two codes, by version of PostgreSQL), or the tables were dropped. */
const OVER = new Set(['22023', '42704', '42P01']);
export const isOver = (error: unknown): boolean =>
  OVER.has(codeOf(error)) || codeOf(error) === 'run.superseded';

/** What fails because the tables or the snapshot went away has one cause: the night is over. */
async function explain({ sql, signal }: NightContext, night: Night, error: unknown) {
  if (signal?.aborted) return new HubError('run.stopped', { name: 'night' });
  if (isOver(error)) return new HubError('run.superseded', { name: 'night' }, error);
  if (await isSuperseded(sql, night))
    return new HubError('run.superseded', { name: 'night' }, error);
  return error;
}
