/**
 * Where a night keeps its parts and what they found until it may commit. The names carry the fencing
 * token, so a night that lost its lease and still runs cannot write into its successor's tables; what
 * a killed night left behind is dropped by the next one.
 */
import type { Sql, Transaction } from '../../platform/database.ts';

export type StagingTables = ReturnType<typeof stagingTables>;

export const stagingTables = (token: number) => {
  const name = (part: string) => `staging.night_${part}_${token}`;
  return {
    token,
    /** One row: which night this is and the snapshot it looks at. */
    head: name('head'),
    part: name('part'),
    /** Parts that were committed, each exactly once. */
    done: name('done'),
    outcome: name('outcome'),
    finding: name('finding'),
    gap: name('gap'),
    lookedAt: name('looked_at'),
    scope: name('scope'),
    seen: (table: string) => name(`seen_${table}`),
  };
};

/** Unlogged: after a crash of the server the night begins anew anyway. */
export async function createStaging(tx: Transaction, tables: StagingTables): Promise<void> {
  await tx.unsafe(`
    create unlogged table ${tables.head} (
      night_id uuid not null, as_of date not null, mode text not null, snapshot text not null, plan_digest text not null);
    create unlogged table ${tables.part} (
      part_no int primary key, kind text not null, scope text not null, from_person uuid, to_person uuid);
    create unlogged table ${tables.done} (part_no int primary key);
    create unlogged table ${tables.outcome} (
      part_no int not null, rule_id text not null, is_failed boolean not null, reason_zh text, reason_en text,
      subjects int not null, gaps int not null, milliseconds int not null, primary key (part_no, rule_id));
    create unlogged table ${tables.finding} (
      rule_id text not null, family text not null, rule_version int not null, person_id uuid not null,
      unit_code text not null, period text not null, severity text not null, facts jsonb not null,
      evidence jsonb not null, digest uuid not null, managed_by smallint[] not null,
      primary key (rule_id, person_id, unit_code, period),
      check (severity in ('red', 'yellow', 'blue')), check (jsonb_array_length(evidence) > 0));
    create unlogged table ${tables.gap} (
      rule_id text not null, person_id uuid not null, period text not null, cause text not null,
      relatives uuid[] not null, reason_zh text not null, reason_en text not null, managed_by smallint[] not null, primary key (rule_id, person_id, period));
    create unlogged table ${tables.lookedAt} (person_id uuid primary key);
    create unlogged table ${tables.scope} (person_id uuid primary key, name text not null, managed_by smallint[] not null)`);
}

/**
 * Drops this night's tables and those of nights that were killed. A table some straggler still writes
 * to is left for the next night rather than waited for.
 */
export async function dropStaging(sql: Sql): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select format('staging.%I', tablename) as name from pg_tables
    where schemaname = 'staging' and tablename ~ '^night_[a-z_]+_[0-9]+$' and tableowner = current_user`;
  for (const { name } of tables) {
    await sql
      .begin(async (tx) => {
        await tx.unsafe(`set local lock_timeout = '200ms'; drop table if exists ${name}`);
      })
      .catch((error: unknown) => {
        if (!isBusyTable(error)) throw error;
      });
  }
}

const isBusyTable = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === '55P03';
