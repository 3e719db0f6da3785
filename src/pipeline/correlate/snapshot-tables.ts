/**
 * The tables a snapshot is seen through: who is in scope, their families, copies of their facts.
 * They are temporary and analysed, so that every part of a night, small or large, joins what it looks
 * at and nothing else.
 */

import { edgesOf, FACT_TABLES, PERSON } from '../../../schema/fact-tables.ts';
import { foldedName } from '../../../schema/person/identity-sql.ts';
import type { Transaction } from '../../platform/database.ts';
import type { RuleQuery } from '../../rules/kit/define-rule.ts';
import {
  extractOf,
  factsAt,
  familyExtractOf,
  familyFacts,
  ofHousehold,
  ofRelatives,
  tablesOf,
} from '../../rules/kit/snapshot.ts';
import type { PlannedRule } from './plan-night.ts';

/** Reporters of art. 2: in service, or out of post and not yet retired. */
export const IN_SERVICE = `('in-service', 'out-of-post')`;
const FOREVER = `'infinity'::date`;

/** Persons from `from` (inclusive) to `to` (exclusive), or those named; everyone where nothing is said. */
export type Whom = {
  from?: string | null;
  to?: string | null;
  persons?: readonly string[];
};

const uuid = (text: string) => {
  if (!/^[0-9a-f-]{36}$/.test(text)) throw new TypeError('not a person id');
  return `'${text}'::uuid`;
};

/** SELECT of `person_id, name, managed_by`: who of `whom` is in service on the date. */
export function officialsInService(asOf: string, { from, to }: Whom, named = ''): string {
  const official = factsAt('official', `date '${asOf}'`);
  return `
    select distinct on (o.person_id) o.person_id, o.name,
      coalesce(array[a.authority_id], o.managed_by) as managed_by
    from ${named ? `${named} l join ${official} o using (person_id)` : `${official} o`}
    left join hub.authority a on a.code = o.authority_code
    where o.employment in ${IN_SERVICE}
      ${from ? `and o.person_id >= ${uuid(from)}` : ''} ${to ? `and o.person_id < ${uuid(to)}` : ''}
    order by o.person_id, o.id`;
}

async function nameThem(tx: Transaction, persons: Whom['persons']): Promise<string> {
  if (!persons) return '';
  await tx.unsafe('create temp table named_person (person_id uuid primary key) on commit drop');
  await tx`insert into named_person select unnest(${[...persons]}::uuid[])`;
  await tx.unsafe('analyze named_person');
  return 'named_person';
}

/**
 * `family(official_id, member_id, relation, name, names, in_household, valid_from, valid_to)`: the official,
 * and spouse, children and children's spouses as declared, one row each. `names` are all the names they were
 * declared under, folded.
 */
const FAMILY = (asOf: string) => `
    select s.person_id as official_id, s.person_id as member_id, 'self' as relation, s.name,
      array[]::text[] as names, true as in_household, '-infinity'::date as valid_from, ${FOREVER} as valid_to
    from scope s
    union all
    (select distinct on (k.person_id, k.relative_id) k.person_id, k.relative_id,
      case when k.relation < '20' then 'spouse' when k.relation in ('28', '38') then 'child-spouse' else 'child' end,
      k.relative_name, k.names, k.in_household,
      coalesce(k.valid_from, '-infinity'), coalesce(k.valid_to, ${FOREVER})
    from (select k.*,
        array_agg(${foldedName('k.relative_name')}) over (partition by k.person_id, k.relative_id) as names,
        k.relation < '20' or k.is_co_living and k.relation not in ('28', '38') as in_household
      from scope s join ${factsAt('kinship', `date '${asOf}'`)} k on k.person_id = s.person_id) k
    where k.relative_id <> k.person_id and k.relation between '10' and '39' and k.relation not between '13' and '19'
    order by k.person_id, k.relative_id, k.in_household desc, k.valid_from desc nulls last, k.id)`;

/** Makes the temporary tables `scope` and `family`; gives how many officials are in scope. */
export async function fillScope(tx: Transaction, asOf: string, whom: Whom = {}): Promise<number> {
  const named = await nameThem(tx, whom.persons);
  await tx.unsafe(
    `create temp table scope on commit drop as ${officialsInService(asOf, whom, named)};
     alter table pg_temp.scope add primary key (person_id);
     analyze scope;
     create temp table family on commit drop as ${FAMILY(asOf)};
     create index on pg_temp.family (official_id);
     create index on pg_temp.family (member_id);
     analyze family`,
  );
  const [row] = await tx<{ n: number }[]>`select count(*)::int as n from scope`;
  return row?.n ?? 0;
}

/**
 * The facts of a table that the officials in scope bring into view: their own, and those of the companies
 * and the like that they or their families are tied to. What nobody is tied to (units) is seen whole.
 */
function seenBy(table: string, asOf: string): string {
  const known = factsAt(table, `date '${asOf}'`);
  const { subject = PERSON, subjectColumn = 'person_id' } = FACT_TABLES.get(table) ?? {};
  if (subject === PERSON) return `select f.* from scope s join ${known} f using (person_id)`;
  const ties = edgesOf(FACT_TABLES.values()).filter((edge) => edge.subject === subject);
  if (ties.length === 0) return known;
  const tied = ties.map(
    ({ kind, column }) => `select e.${column} from member m join hub.${kind} e using (person_id)`,
  );
  return `select f.* from (${tied.join(' union ')}) m join ${known} f using (${subjectColumn})`;
}

const allOf = (rules: readonly PlannedRule[], through: (rule: RuleQuery) => Set<string>) =>
  new Set(rules.flatMap(({ rule }) => [...through(rule)]));

/** The fact tables a set of rules reads of the officials it looks at. */
export const tablesSeen = (rules: readonly PlannedRule[]): string[] => [...allOf(rules, tablesOf)];

/** Copies of what registers hold of families, no wider than the rules look. */
function familyCopies(rules: readonly PlannedRule[], asOf: string): [copy: string, sql: string][] {
  const wide = allOf(rules, ofRelatives);
  return [...new Set([...allOf(rules, ofHousehold), ...wide])].map((table) => [
    familyExtractOf(table),
    familyFacts(table, `date '${asOf}'`, wide.has(table) ? 'true' : 'm.in_household'),
  ]);
}

/**
 * Copies the facts of the families in scope, by key, into small analysed tables, once for all rules:
 * a rule written for a hundred thousand officials then costs what a thousand cost, whatever plan it gets.
 */
export async function extractFacts(tx: Transaction, asOf: string, rules: readonly PlannedRule[]) {
  await tx.unsafe(`
    set local random_page_cost = 1.1;
    create temp table member on commit drop as select distinct member_id as person_id from family;
    analyze member`);
  const copies = tablesSeen(rules).map((table) => [extractOf(table), seenBy(table, asOf)]);
  for (const [copy, select] of [...copies, ...familyCopies(rules, asOf)]) {
    await tx.unsafe(`create temp table ${copy} on commit drop as ${select}; analyze ${copy}`);
  }
  await tx.unsafe('reset random_page_cost');
}
