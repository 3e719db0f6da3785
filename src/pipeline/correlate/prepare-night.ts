/**
 * What workers need to know before they begin, seen in the night's snapshot and committed for all to
 * read: whom a small night looks at, who is in scope, how the night is cut into parts.
 */
import type { Sql, Transaction } from '../../platform/database.ts';
import { extractOf, factsAt, snapshotOf } from '../../rules/kit/snapshot.ts';
import { personsChangedSince } from '../link/changes.ts';
import { divideNight, type Part } from './divide-night.ts';
import type { NightPlan } from './plan-night.ts';
import {
  extractFacts,
  fillScope,
  IN_SERVICE,
  officialsInService,
  tablesSeen,
} from './snapshot-tables.ts';
import { createStaging, type StagingTables } from './staging-tables.ts';

/** A night as every worker knows it. */
export type Night = {
  nightId: string;
  asOf: string;
  plan: NightPlan;
  /** Exported by the transaction that stays open until all parts are done. */
  snapshot: string;
  tables: StagingTables;
};

export type Prepared = {
  parts: Part[];
  /** Whom a full night looks at, or a small one. */
  persons: number;
  /** All in service, by whom a surge is measured. */
  officials: number;
};

/** Begins a transaction that sees the night's snapshot and nothing later. */
export const inSnapshot = <T>(
  sql: Sql,
  snapshot: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> =>
  sql.begin('isolation level repeatable read', async (tx) => {
    await tx.unsafe(`set transaction snapshot '${snapshot.replaceAll("'", '')}'`);
    return work(tx);
  }) as Promise<T>;

/**
 * `looked_at(person_id)` of a small night: persons with changed facts or a clock that ran out, and
 * the officials in whose household they stand or stood.
 */
async function fillLookedAt(tx: Transaction, { plan, asOf, tables }: Night) {
  const last = plan.last;
  if (plan.mode === 'full' || last === null) return;
  const clocks = plan.rules.flatMap(({ rule, values }) =>
    last.asOf < asOf && rule.clock
      ? [rule.clock(snapshotOf(asOf, values), `date '${last.asOf}'`, `date '${asOf}'`)]
      : [],
  );
  await tx.unsafe(`
    create temp table woken on commit drop as
    ${await personsChangedSince(last)}
    ${clocks.map((clock) => `union (${clock})`).join('\n')}`);
  await tx.unsafe(`analyze woken`);
  await tx.unsafe(`
    insert into ${tables.lookedAt}
    select person_id from woken where person_id <> '00000000-0000-0000-0000-000000000000'
    union
    select k.person_id from woken w join hub.kinship k on k.relative_id = w.person_id`);
  await tx.unsafe(`analyze ${tables.lookedAt}`);
}

/** Rules that stack findings are evaluated when the snapshot no longer shows them: they read copies. */
async function copyForStacking(tx: Transaction, { plan, asOf, tables }: Night, isWide: boolean) {
  const stacking = plan.rules.filter(({ kind, blocked }) => kind === 'stacking' && !blocked);
  const seen = tablesSeen(stacking);
  if (seen.length === 0) return;
  const rows = isWide ? [] : await tx.unsafe(`select person_id from ${tables.lookedAt}`);
  const persons = rows.map((row) => String(row.person_id));
  await fillScope(tx, asOf, isWide ? {} : { persons });
  await extractFacts(tx, asOf, stacking);
  for (const table of seen) {
    await tx.unsafe(
      `create unlogged table ${tables.seen(table)} as select * from ${extractOf(table)}`,
    );
  }
}

async function countOfficials(tx: Transaction, asOf: string): Promise<number> {
  const [row] = await tx.unsafe<{ n: number }[]>(`
    select count(*)::int as n from ${factsAt('official', `date '${asOf}'`)} o
    where o.employment in ${IN_SERVICE}`);
  return row?.n ?? 0;
}

export const isWideNight = ({ rules }: NightPlan): boolean =>
  rules.some(({ blocked, scope }) => blocked === null && scope === 'everyone');

export async function prepareNight(
  sql: Sql,
  night: Night,
  { mode, planDigest, partSize }: { mode: string; planDigest: string; partSize: number },
): Promise<Prepared> {
  const { plan, asOf, tables, nightId, snapshot } = night;
  return inSnapshot(sql, snapshot, async (tx) => {
    await createStaging(tx, tables);
    await fillLookedAt(tx, night);
    const isWide = isWideNight(plan);
    const named = isWide ? '' : tables.lookedAt;
    const inScope = await tx.unsafe(
      `insert into ${tables.scope} ${officialsInService(asOf, {}, named)}`,
    );
    await tx.unsafe(`analyze ${tables.scope}`);
    await copyForStacking(tx, night, isWide);
    const parts = await divideNight(tx, plan, tables, partSize);
    await tx.unsafe(`insert into ${tables.head} values ($1, $2, $3, $4, $5)`, [
      nightId,
      asOf,
      mode,
      snapshot,
      planDigest,
    ]);
    const isFull = plan.mode === 'full' || !isWide;
    const [changed] = await tx.unsafe<{ n: number }[]>(
      `select count(*)::int as n from ${tables.scope} join ${tables.lookedAt} using (person_id)`,
    );
    return {
      parts,
      persons: isFull ? inScope.count : (changed?.n ?? 0),
      officials: await countOfficials(tx, asOf),
    };
  });
}
