/** One part of a night: its rules over its persons, into the staging tables. */
import type { Transaction } from '../../platform/database.ts';
import type { Snapshot } from '../../rules/kit/define-rule.ts';
import { extractOf, factsAt, snapshotOf } from '../../rules/kit/snapshot.ts';
import { type Part, rulesOf } from './divide-night.ts';
import type { NightContext } from './outcome.ts';
import type { NightPlan, PlannedRule } from './plan-night.ts';
import type { Night } from './prepare-night.ts';
import { type PartOutcome, runRule } from './run-rule.ts';
import { sharedTables } from './shared-tables.ts';
import { extractFacts, fillScope, tablesSeen, type Whom } from './snapshot-tables.ts';
import type { StagingTables } from './staging-tables.ts';
import { fillUnconfirmed } from './unconfirmed.ts';

const DEFAULT_TIMEOUT_MS = 15 * 60_000;

/** What other parts tell of each rule: time spent on it, and whether it failed there already. */
export type Before = {
  whom: Whom;
  spentMs: ReadonlyMap<string, number>;
  failed: ReadonlySet<string>;
  /** Rules of the earlier phase whose findings of tonight count, by scope. */
  evaluated: { everyone: readonly string[]; changed: readonly string[] };
};

const within = ({ from, to }: Part, column: string) =>
  `${from ? `${column} >= '${from}'` : 'true'} and ${to ? `${column} < '${to}'` : 'true'}`;

const quoted = (ids: readonly string[]) => [...ids, ''].map((id) => `'${id}'`).join(', ');

/** A unit concerns every authority that has officials in it. */
async function manageUnits(tx: Transaction, asOf: string, { finding }: StagingTables) {
  await tx.unsafe(`
    update ${finding} f set managed_by = m.managed_by
    from (
      select o.unit_code, array_agg(distinct a.authority_id order by a.authority_id) as managed_by
      from ${factsAt('official', `date '${asOf}'`)} o join hub.authority a on a.code = o.authority_code
      where o.unit_code in (select unit_code from ${finding} where unit_code <> '')
      group by o.unit_code) m
    where f.unit_code = m.unit_code`);
}

const stackingIn = ({ rules }: NightPlan) =>
  rules.filter(({ kind }) => kind === 'stacking').map(({ rule }) => rule.id);

/**
 * `found` for rules that stack findings: tonight's, and for whoever or whatever was not evaluated
 * tonight the findings that stood, so that a stale feed never looks like an answer. Never those of
 * rules that stack: a stack does not rest on last night's stack.
 */
const showFound = ({ asOf, tables, plan }: Night, { evaluated }: Before) => `
  create temp table found on commit drop as
  select f.rule_id, f.family, f.person_id, f.unit_code, f.period, f.severity, f.evidence
  from scope s join ${tables.finding} f using (person_id)
  where f.rule_id in (${quoted([...evaluated.everyone, ...evaluated.changed])})
  union all
  select f.rule_id, r.family, f.person_id, f.unit_code, f.period, f.severity, f.evidence
  from scope s join hub.finding f using (person_id) join hub.rule r using (rule_id)
  where f.seen_from <= date '${asOf}' and f.seen_to > date '${asOf}'
    and f.rule_id not in (${quoted([...evaluated.everyone, ...stackingIn(plan)])})
    and (f.rule_id not in (${quoted(evaluated.changed)})
      or not exists (select 1 from ${tables.lookedAt} l where l.person_id = f.person_id));
  analyze found`;

/** Scope and facts of a stacking part, from what was copied while the snapshot was seen. */
async function showCopies(tx: Transaction, night: Night, part: Part, rules: PlannedRule[]) {
  const { tables } = night;
  await tx.unsafe(`
    create temp table scope on commit drop as
    select * from ${tables.scope} where ${within(part, 'person_id')};
    alter table pg_temp.scope add primary key (person_id);
    analyze scope`);
  for (const table of tablesSeen(rules)) {
    await tx.unsafe(`
      create temp table seen_${table} on commit drop as select * from ${tables.seen(table)};
      analyze ${extractOf(table)}`);
  }
  const [row] = await tx<{ n: number }[]>`select count(*)::int as n from scope`;
  return row?.n ?? 0;
}

async function showPersons(
  tx: Transaction,
  { asOf }: Night,
  part: Part,
  { rules, whom }: { rules: PlannedRule[]; whom: Whom },
) {
  const subjects = await fillScope(tx, asOf, whom);
  if (part.kind === 'ordinary' || part.scope === 'changed') await extractFacts(tx, asOf, rules);
  await fillUnconfirmed(tx, asOf, rules);
  return subjects;
}

async function record(tx: Transaction, part: Part, night: Night, outcomes: PartOutcome[]) {
  await tx.unsafe(
    `insert into ${night.tables.outcome}
     select ${part.partNo}, o.* from jsonb_to_recordset($1::text::jsonb) as o("ruleId" text, "isFailed" boolean,
       "reasonZh" text, "reasonEn" text, subjects int, gaps int, milliseconds int)`,
    [JSON.stringify(outcomes)],
  );
}

/** Stacking comes when the night's snapshot is no longer seen: what was not copied may have changed. */
const withoutEveryone = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  everyone() {
    throw new TypeError('a rule that stacks findings may not read everyone');
  },
});

/** Evaluates the part in the given transaction; the caller commits it, or throws it away whole. */
export async function runPart(
  ctx: NightContext,
  tx: Transaction,
  night: Night,
  part: Part,
  before: Before,
): Promise<void> {
  const rules = rulesOf(night.plan, part).filter(({ rule }) => !before.failed.has(rule.id));
  // Tables of one part are small: a rough look at them is enough for a plan.
  await tx.unsafe(
    `set local work_mem = '128MB'; set local jit = off; set local default_statistics_target = 10`,
  );
  const subjects =
    part.kind === 'stacking'
      ? await showCopies(tx, night, part, rules)
      : await showPersons(tx, night, part, { rules, whom: before.whom });
  if (part.kind === 'stacking') await tx.unsafe(showFound(night, before));
  // The planner takes grouped intermediate results for small and would loop over millions of rows.
  await tx.unsafe('set local enable_nestloop = off');
  const isExtract = part.kind !== 'across' || part.scope === 'changed';
  const common = sharedTables();
  const outcomes: PartOutcome[] = [];
  for (const planned of rules) {
    ctx.signal?.throwIfAborted();
    const { id } = planned.rule;
    const snapshot = snapshotOf(night.asOf, planned.values, { isExtract, shared: common.shared });
    const budget = (ctx.ruleTimeoutMs ?? DEFAULT_TIMEOUT_MS) - (before.spentMs.get(id) ?? 0);
    outcomes.push(
      await runRule(tx, planned, {
        asOf: night.asOf,
        tables: night.tables,
        log: ctx.log,
        subjects,
        timeoutMs: Math.max(1, budget),
        snapshot: part.kind === 'stacking' ? withoutEveryone(snapshot) : snapshot,
        common,
      }),
    );
    ctx.onRule?.();
  }
  await tx.unsafe('set local statement_timeout = 0; set local enable_nestloop = on');
  if (part.kind === 'across') await manageUnits(tx, night.asOf, night.tables);
  await record(tx, part, night, outcomes);
}
