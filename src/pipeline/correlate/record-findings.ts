/**
 * Writes a night's findings as versions: one open row per rule, subject and period, closed when it
 * ceases or changes. Only rules that were evaluated, and only persons they looked at, are touched, so
 * a rule that could not run never closes anything. A night that finds the same changes no row.
 *
 * Leaves the temporary table `difference`, from which warnings follow.
 */
import type { Transaction } from '../../platform/database.ts';
import type { RuleOutcome } from './outcome.ts';
import type { StagingTables } from './staging-tables.ts';

type Written = {
  nightId: string;
  asOf: string;
  tables: StagingTables;
  rules: readonly RuleOutcome[];
};

const SAME_SUBJECT = `f.rule_id = d.rule_id and f.person_id = d.person_id and f.unit_code = d.unit_code and f.period = d.period`;

const listOf = (rules: readonly RuleOutcome[], scope?: RuleOutcome['scope'], isRepeat = false) =>
  rules
    .filter(
      (rule) =>
        rule.state === 'evaluated' &&
        rule.isRepeat === isRepeat &&
        (!scope || rule.scope === scope),
    )
    .map(({ ruleId }) => `'${ruleId}'`)
    .concat(`''`)
    .join(', ');

/** Open rows this night may judge; unit findings are judged every night. */
const judged = (table: string, { tables, rules }: Written, open: string, hasUnits: boolean) => `
  select x.* from ${table} x where x.rule_id in (${listOf(rules, 'everyone')}) ${open}
  union all
  select x.* from ${tables.lookedAt} l join ${table} x on x.person_id = l.person_id
  where x.rule_id in (${listOf(rules, 'changed')}) ${open}
  ${
    hasUnits
      ? `union all select x.* from ${table} x where x.person_id = '00000000-0000-0000-0000-000000000000'
         and x.rule_id in (${listOf(rules, 'changed')}) ${open}`
      : ''
  }`;

/**
 * `difference(row_no, kind, …)`: new, changed (facts, evidence or severity), restated (only the rule's
 * version or the managing authority) and gone; what is the same has no row.
 */
async function compare(tx: Transaction, written: Written) {
  await tx.unsafe(`
    create temp table difference on commit drop as
    select row_number() over (order by c.rule_id, c.person_id, c.unit_code collate "C", c.period collate "C")::int as row_no, c.*
    from (
      select coalesce(s.rule_id, o.rule_id) as rule_id, coalesce(s.person_id, o.person_id) as person_id,
        coalesce(s.unit_code, o.unit_code) as unit_code, coalesce(s.period, o.period) as period,
        case when o.rule_id is null then 'new' when s.rule_id is null then 'gone'
          when s.digest <> o.digest then 'changed'
          when s.rule_version <> o.rule_version or s.managed_by <> o.managed_by then 'restated'
          else 'same' end as kind,
        coalesce(s.rule_version, o.rule_version) as rule_version, s.severity, s.facts, s.evidence, s.digest,
        coalesce(s.managed_by, o.managed_by) as managed_by, o.seen_from
      from (select * from ${written.tables.finding} where rule_id in (${listOf(written.rules)})) s
      full join (${judged('hub.finding', written, `and x.seen_to = 'infinity'`, true)}) o
        on o.rule_id = s.rule_id and o.person_id = s.person_id and o.unit_code = s.unit_code and o.period = s.period) c
    where c.kind <> 'same'`);
  await tx.unsafe('alter table pg_temp.difference add primary key (row_no)');
  await tx.unsafe('analyze difference');
}

/**
 * Closes and opens; a row of the same date is replaced, because a validity of no days says nothing, and
 * so is one of a later date, which a night ahead of its time may have left.
 */
async function writeVersions(tx: Transaction, { nightId, asOf }: Written) {
  const day = `date '${asOf}'`;
  await tx.unsafe(`
    delete from hub.finding f using difference d
    where ${SAME_SUBJECT} and f.seen_to = 'infinity' and f.seen_from >= ${day}`);
  await tx.unsafe(`
    update hub.finding f set seen_to = ${day} from difference d
    where ${SAME_SUBJECT} and f.seen_to = 'infinity' and d.kind <> 'new'`);
  await tx.unsafe(`
    insert into hub.finding (person_id, unit_code, rule_id, period, seen_from, rule_version, night_id,
      severity, facts, evidence, digest, managed_by)
    select person_id, unit_code, rule_id, period, ${day}, rule_version, '${nightId}',
      severity, facts, evidence, digest, managed_by
    from difference where kind <> 'gone'`);
}

const GAP = 'cause, relatives, reason_zh, reason_en, managed_by';
const columnsOf = (t: string) => GAP.replace(/\w+/g, `${t}.$&`);

async function writeGaps(tx: Transaction, written: Written) {
  const { tables, rules, nightId } = written;
  await tx.unsafe(`
    delete from hub.rule_gap g using (${judged('hub.rule_gap', written, '', false)}) j
    where g.rule_id = j.rule_id and g.person_id = j.person_id and g.period = j.period
      and not exists (select 1 from ${tables.gap} s
        where s.rule_id = g.rule_id and s.person_id = g.person_id and s.period = g.period)`);
  await tx.unsafe(`
    insert into hub.rule_gap as g (person_id, rule_id, period, ${GAP}, night_id)
    select person_id, rule_id, period, ${GAP}, '${nightId}'
    from ${tables.gap} where rule_id in (${listOf(rules)})
    on conflict (person_id, rule_id, period) do update
      set (${GAP}, night_id) = row(${columnsOf('excluded')}, excluded.night_id)
      where (${columnsOf('g')}) is distinct from (${columnsOf('excluded')})`);
}

export async function recordFindings(tx: Transaction, written: Written): Promise<void> {
  await compare(tx, written);
  await writeVersions(tx, written);
  await writeGaps(tx, written);
}

/** How the findings of rules that repeat differ from the ones stored for the date; null if none does. */
export async function compareWithStored(tx: Transaction, { asOf, tables, rules }: Written) {
  const repeated = listOf(rules, undefined, true);
  if (!rules.some((rule) => rule.isRepeat && rule.state === 'evaluated')) return null;
  const [row] = await tx.unsafe<{ onlyStored: number; onlyRepeated: number; different: number }[]>(`
    select count(*) filter (where s.rule_id is null)::int as "onlyStored",
      count(*) filter (where f.rule_id is null)::int as "onlyRepeated",
      count(*) filter (where s.digest <> f.digest)::int as "different"
    from (select * from ${tables.finding} where rule_id in (${repeated})) s
    full join (select * from hub.finding where rule_id in (${repeated})
        and seen_from <= date '${asOf}' and seen_to > date '${asOf}') f
      using (rule_id, person_id, unit_code, period)`);
  return row ?? { onlyStored: 0, onlyRepeated: 0, different: 0 };
}
