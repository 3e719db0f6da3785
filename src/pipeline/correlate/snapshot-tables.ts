/**
 * The tables a snapshot is seen through: who is looked at, who is in scope, their households. They
 * are temporary and analysed, so that a small night joins by key and a full one by hash.
 */

import { edgesOf, FACT_TABLES, PERSON } from '../../../schema/fact-tables.ts';
import type { Transaction } from '../../platform/database.ts';
import { extractOf, factsAt, snapshotOf, tablesOf } from '../../rules/kit/snapshot.ts';
import { personsChangedSince } from '../link/changes.ts';
import type { NightPlan, PlannedRule } from './plan-night.ts';

/** Reporters of art. 2: in service, or out of post and not yet retired. */
const IN_SERVICE = `('in-service', 'out-of-post')`;
const FOREVER = `'infinity'::date`;

/**
 * `looked_at(person_id)` of a small night: persons with changed facts or a clock that ran out, and
 * the officials in whose household they stand or stood.
 */
export async function prepareLookedAt(
  tx: Transaction,
  plan: NightPlan,
  asOf: string,
  table: string,
) {
  const last = plan.last;
  await tx.unsafe(`create unlogged table ${table} (person_id uuid primary key)`);
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
    insert into ${table}
    select person_id from woken where person_id <> '00000000-0000-0000-0000-000000000000'
    union
    select k.person_id from woken w join hub.kinship k on k.relative_id = w.person_id`);
  await tx.unsafe(`analyze ${table}`);
}

/** Fills `scope` and `household` anew: everyone in service, or those of `lookedAt` who are. */
export async function fillScope(tx: Transaction, asOf: string, lookedAt?: string): Promise<number> {
  const date = `date '${asOf}'`;
  await tx.unsafe(`drop table if exists pg_temp.household, pg_temp.scope`);
  await tx.unsafe(`
    create temp table scope on commit drop as
    select distinct on (o.person_id) o.person_id, o.name,
      coalesce(array[a.authority_id], o.managed_by) as managed_by
    from ${lookedAt ? `${lookedAt} l join ${factsAt('official', date)} o using (person_id)` : `${factsAt('official', date)} o`}
    left join hub.authority a on a.code = o.authority_code
    where o.employment in ${IN_SERVICE}
    order by o.person_id, o.id`);
  await tx.unsafe(`alter table pg_temp.scope add primary key (person_id)`);
  await tx.unsafe(`analyze scope`);
  await tx.unsafe(`
    create temp table household on commit drop as
    select s.person_id as official_id, s.person_id as member_id, 'self' as relation, s.name,
      '-infinity'::date as valid_from, ${FOREVER} as valid_to
    from scope s
    union all
    (select distinct on (k.person_id, k.relative_id) k.person_id, k.relative_id,
      case when k.relation between '10' and '12' then 'spouse' else 'child' end,
      k.relative_name, coalesce(k.valid_from, '-infinity'), coalesce(k.valid_to, ${FOREVER})
    from scope s join ${factsAt('kinship', date)} k on k.person_id = s.person_id
    where k.relative_id <> k.person_id and (k.relation between '10' and '12'
      or k.is_co_living and k.relation between '20' and '39' and k.relation not in ('28', '38'))
    order by k.person_id, k.relative_id, k.valid_from desc nulls last, k.id)`);
  await tx.unsafe(`create index on pg_temp.household (official_id)`);
  await tx.unsafe(`create index on pg_temp.household (member_id)`);
  await tx.unsafe(`analyze household`);
  const [row] = await tx<{ n: number }[]>`select count(*)::int as n from scope`;
  return row?.n ?? 0;
}

/**
 * The facts of a table that the persons in `member` bring into view: their own, and those of the
 * companies and the like they are tied to. What nobody is tied to (units) is seen whole.
 */
function seenBy(table: string, asOf: string): string {
  const known = factsAt(table, `date '${asOf}'`);
  const { subject = PERSON, subjectColumn = 'person_id' } = FACT_TABLES.get(table) ?? {};
  if (subject === PERSON) return `select f.* from member m join ${known} f using (person_id)`;
  const ties = edgesOf(FACT_TABLES.values()).filter((edge) => edge.subject === subject);
  if (ties.length === 0) return known;
  const tied = ties.map(
    ({ kind, column }) => `select e.${column} from member m join hub.${kind} e using (person_id)`,
  );
  return `select f.* from (${tied.join(' union ')}) m join ${known} f using (${subjectColumn})`;
}

/**
 * Copies the facts of the households in scope, by key, into small analysed tables: a rule written for a
 * hundred thousand officials then costs what a thousand cost, whatever plan it gets.
 */
export async function extractFacts(tx: Transaction, asOf: string, rules: readonly PlannedRule[]) {
  const tables = new Set(rules.flatMap(({ rule }) => [...tablesOf(rule)]));
  await tx.unsafe('set local random_page_cost = 1.1');
  await tx.unsafe(`
    create temp table member on commit drop as select distinct member_id as person_id from household`);
  await tx.unsafe('analyze member');
  for (const table of tables) {
    await tx.unsafe(`
      create temp table seen_${table} on commit drop as ${seenBy(table, asOf)}`);
    await tx.unsafe(`analyze ${extractOf(table)}`);
  }
  await tx.unsafe('reset random_page_cost');
}
