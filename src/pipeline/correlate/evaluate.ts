/**
 * Runs every rule over one repeatable-read snapshot into staging tables; nothing anyone reads changes
 * here. Each rule runs in a savepoint: one that throws, times out or gives two findings for one subject
 * is reported as failed, which is not the same as "nothing found", and the others go on.
 */
import { HubError } from '../../base/errors.ts';
import { describeError } from '../../base/log.ts';
import type { Transaction } from '../../platform/database.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';
import { snapshotOf } from '../../rules/kit/snapshot.ts';
import type { NightContext, NightRequest, RuleOutcome } from './outcome.ts';
import { type NightPlan, type PlannedRule, planNight } from './plan-night.ts';
import { extractFacts, fillScope, prepareLookedAt } from './snapshot-tables.ts';
import { manageUnits, type StagingTables } from './staging-tables.ts';
import { holdSurges } from './surge.ts';

const DEFAULT_TIMEOUT_MS = 15 * 60_000;

export type Evaluation = { plan: NightPlan; rules: RuleOutcome[]; persons: number };

const outcomeOf = ({ rule, inputs, scope }: PlannedRule): RuleOutcome => ({
  ruleId: rule.id,
  state: 'evaluated',
  reasonZh: null,
  reasonEn: null,
  scope,
  subjects: 0,
  findings: 0,
  gaps: 0,
  milliseconds: 0,
  inputs,
  findingsDigest: null,
});

const blockedOutcome = (planned: PlannedRule): RuleOutcome[] =>
  planned.blocked
    ? [
        {
          ...outcomeOf(planned),
          state: planned.blocked.state,
          reasonZh: planned.blocked.zh,
          reasonEn: planned.blocked.en,
        },
      ]
    : [];

const findingsInto = (tables: StagingTables, rule: RuleDefinition, sql: string) => `
  insert into ${tables.finding} (rule_id, family, rule_version, person_id, unit_code, period, severity, facts, evidence, digest, managed_by)
  select '${rule.id}', '${rule.family}', ${rule.version}, f.person_id, f.unit_code, f.period, f.severity, f.facts, f.evidence,
    md5(f.severity || f.facts::text || f.evidence::text)::uuid, coalesce(sc.managed_by, '{}')
  from (${sql}) f left join scope sc on sc.person_id = f.person_id`;

/** Order of the rows never matters: subjects are sorted by bytes before they are digested. */
const digestOf = (tables: StagingTables, ruleId: string) => `
  select count(*)::int as findings, md5(coalesce(string_agg(
    concat_ws('|', person_id, unit_code, period, digest), ',' order by person_id, unit_code collate "C", period collate "C"), '')) as digest
  from ${tables.finding} where rule_id = '${ruleId}'`;

type Run = { asOf: string; subjects: number; tables: StagingTables; isExtract: boolean };

async function runRule(tx: Transaction, { rule, values }: PlannedRule, run: Run) {
  const { asOf, tables, isExtract } = run;
  const snapshot = snapshotOf(asOf, values, { isExtract });
  // The planner takes grouped intermediate results for small and would loop over millions of rows.
  await tx.unsafe('set local enable_nestloop = off');
  await tx.unsafe(findingsInto(tables, rule, rule.findings(snapshot)));
  let gaps = 0;
  if (rule.gaps) {
    const inserted = await tx.unsafe(`
      insert into ${tables.gap} (rule_id, person_id, period, reason_zh, reason_en, managed_by)
      select '${rule.id}', g.person_id, g.period, g.reason_zh, g.reason_en, sc.managed_by
      from (${rule.gaps(snapshot)}) g join scope sc on sc.person_id = g.person_id`);
    gaps = inserted.count;
  }
  const [row] = await tx.unsafe<{ findings: number; digest: string }[]>(digestOf(tables, rule.id));
  return { gaps, findings: row?.findings ?? 0, findingsDigest: row?.digest ?? null };
}

async function evaluateRule(
  ctx: NightContext,
  tx: Transaction,
  planned: PlannedRule,
  run: Run,
): Promise<RuleOutcome> {
  const base = outcomeOf(planned);
  const started = performance.now();
  const spent = () => Math.round(performance.now() - started);
  try {
    const result = await tx.savepoint(async (inner) => {
      await inner.unsafe(
        `set local statement_timeout = ${ctx.ruleTimeoutMs ?? DEFAULT_TIMEOUT_MS}`,
      );
      const counts = await runRule(inner, planned, run);
      await inner.unsafe('set local statement_timeout = 0; set local enable_nestloop = on');
      return counts;
    });
    return { ...base, ...result, subjects: run.subjects, milliseconds: spent() };
  } catch (error) {
    // A lost connection fails the savepoint's rollback too and surfaces from the next statement.
    ctx.log.error('rule.failed', error, { rule: planned.rule.id });
    const cause = describeError(error).sqlState === '57014' ? 'timeout' : 'error';
    const words = {
      timeout: ['计算超时，本次未评估', 'Took too long; not evaluated this time'],
      error: ['计算出错，本次未评估', 'Failed; not evaluated this time'],
    } as const;
    const [reasonZh, reasonEn] = words[cause];
    return { ...base, state: 'failed', reasonZh, reasonEn, milliseconds: spent() };
  }
}

/**
 * `found` for rules that stack findings: tonight's, and for whoever or whatever was not evaluated
 * tonight the findings that stood, so that a stale feed never looks like an answer.
 */
async function showFound(
  tx: Transaction,
  asOf: string,
  tables: StagingTables,
  done: readonly RuleOutcome[],
) {
  const ids = (scope?: RuleOutcome['scope']) =>
    done
      .filter((rule) => rule.state === 'evaluated' && (!scope || rule.scope === scope))
      .map(({ ruleId }) => `'${ruleId}'`)
      .concat(`''`)
      .join(', ');
  await tx.unsafe(`
    create temp table found on commit drop as
    select rule_id, family, person_id, unit_code, period, severity, evidence
    from ${tables.finding} where rule_id in (${ids()})
    union all
    select f.rule_id, r.family, f.person_id, f.unit_code, f.period, f.severity, f.evidence
    from scope s join hub.finding f on f.person_id = s.person_id join hub.rule r using (rule_id)
    where f.seen_from <= date '${asOf}' and f.seen_to > date '${asOf}'
      and f.rule_id not in (${ids('everyone')})
      and (f.rule_id not in (${ids('changed')})
        or not exists (select 1 from ${tables.lookedAt} l where l.person_id = f.person_id))`);
  await tx.unsafe('analyze found');
}

type Pass = { isWide: boolean; isAfterOthers: boolean; rules: PlannedRule[] };

/**
 * First the rules that need only what changed, then those that must look at everyone, then those that
 * stack findings. Stacking is as wide as the widest: a rule that looked at everyone may complete
 * anyone's stack.
 */
function passesOf(plan: NightPlan): Pass[] {
  const pick = (isAfterOthers: boolean, scope: PlannedRule['scope']) =>
    plan.rules.filter(
      (r) =>
        r.blocked === null &&
        (r.rule.isAfterOthers ?? false) === isAfterOthers &&
        r.scope === scope,
    );
  const everyone = pick(false, 'everyone');
  const stacking = [...pick(true, 'everyone'), ...pick(true, 'changed')];
  const isWide = everyone.length > 0 || pick(true, 'everyone').length > 0;
  const stacked = stacking.map((r): PlannedRule => (isWide ? { ...r, scope: 'everyone' } : r));
  return [
    { isWide: false, isAfterOthers: false, rules: pick(false, 'changed') },
    { isWide: true, isAfterOthers: false, rules: everyone },
    { isWide, isAfterOthers: true, rules: stacked },
  ].filter(({ rules }) => rules.length > 0);
}

async function runPasses(
  ctx: NightContext,
  tx: Transaction,
  plan: NightPlan,
  { asOf, tables }: { asOf: string; tables: StagingTables },
) {
  const outcomes = plan.rules.flatMap(blockedOutcome);
  let scope: { isWide: boolean; subjects: number } | undefined;
  let persons = 0;
  const passes = passesOf(plan);
  const narrow = passes.filter(({ isWide }) => !isWide).flatMap(({ rules }) => rules);
  for (const pass of passes) {
    if (scope?.isWide !== pass.isWide) {
      const subjects = await fillScope(tx, asOf, pass.isWide ? undefined : tables.lookedAt);
      if (!pass.isWide) await extractFacts(tx, asOf, narrow);
      scope = { isWide: pass.isWide, subjects };
      if (!pass.isWide || plan.mode === 'full') persons = subjects;
    }
    if (pass.isAfterOthers) await showFound(tx, asOf, tables, outcomes);
    for (const planned of pass.rules) {
      if (ctx.signal?.aborted) throw new HubError('run.stopped', { name: 'night' });
      const run = { asOf, subjects: scope.subjects, tables, isExtract: !pass.isWide };
      outcomes.push(await evaluateRule(ctx, tx, planned, run));
      ctx.onProgress?.('correlate', outcomes.length, plan.rules.length);
    }
  }
  return { outcomes, persons };
}

/** The whole rule book over one snapshot. */
export async function evaluate(
  ctx: NightContext,
  rules: readonly RuleDefinition[],
  request: NightRequest,
  tables: StagingTables,
): Promise<Evaluation> {
  const { asOf } = request;
  const result = await ctx.sql.begin('isolation level repeatable read', async (tx) => {
    await tx.unsafe(`set local work_mem = '256MB'`);
    await tx.unsafe('set local jit = off');
    const plan = await planNight(tx, rules, request);
    await tables.create(tx);
    await prepareLookedAt(tx, plan, asOf, tables.lookedAt);
    const { outcomes, persons } = await runPasses(ctx, tx, plan, { asOf, tables });
    await manageUnits(tx, asOf, tables);
    return { plan, persons, rules: await holdSurges(tx, plan, { asOf, tables, outcomes }) };
  });
  return result as Evaluation;
}
