/**
 * Where a night keeps what it found until it may commit. The names carry the fencing token, so a
 * night that lost its lease and still runs cannot write into its successor's tables; what a killed
 * night left behind is dropped by the next one.
 */
import type { Sql, Transaction } from '../../platform/database.ts';
import { factsAt } from '../../rules/kit/snapshot.ts';

export type StagingTables = {
  finding: string;
  gap: string;
  lookedAt: string;
  create(tx: Transaction): Promise<void>;
};

export const stagingTables = (token: number): StagingTables => {
  const name = (part: string) => `staging.night_${part}_${token}`;
  const tables = { finding: name('finding'), gap: name('gap'), lookedAt: name('looked_at') };
  return {
    ...tables,
    async create(tx) {
      await tx.unsafe(`
        create unlogged table ${tables.finding} (
          rule_id text not null, family text not null, rule_version int not null, person_id uuid not null,
          unit_code text not null, period text not null, severity text not null, facts jsonb not null,
          evidence jsonb not null, digest uuid not null, managed_by smallint[] not null,
          primary key (rule_id, person_id, unit_code, period),
          check (severity in ('red', 'yellow', 'blue')), check (jsonb_array_length(evidence) > 0))`);
      await tx.unsafe(`
        create unlogged table ${tables.gap} (
          rule_id text not null, person_id uuid not null, period text not null, reason_zh text not null,
          reason_en text not null, managed_by smallint[] not null, primary key (rule_id, person_id, period))`);
    },
  };
};

/** A unit concerns every authority that has officials in it. */
export async function manageUnits(tx: Transaction, asOf: string, { finding }: StagingTables) {
  await tx.unsafe(`
    update ${finding} f set managed_by = m.managed_by
    from (
      select o.unit_code, array_agg(distinct a.authority_id order by a.authority_id) as managed_by
      from ${factsAt('official', `date '${asOf}'`)} o join hub.authority a on a.code = o.authority_code
      where o.unit_code in (select unit_code from ${finding} where unit_code <> '')
      group by o.unit_code) m
    where f.unit_code = m.unit_code`);
}

/** Drops this night's tables and those of nights that were killed. */
export async function dropStaging(sql: Sql): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select format('staging.%I', tablename) as name from pg_tables
    where schemaname = 'staging' and tablename ~ '^night_(finding|gap|looked_at)_[0-9]+$'
      and tableowner = current_user`;
  for (const { name } of tables) await sql.unsafe(`drop table if exists ${name}`);
}
