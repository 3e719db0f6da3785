/**
 * Runs every rule over one snapshot into staging tables; nothing anyone reads changes here. The
 * transaction that exports the snapshot stays open until the last part is done, so that every worker
 * sees the same facts whatever is delivered meanwhile.
 */
import { availableParallelism } from 'node:os';
import { failpoint } from '../../base/failpoint.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { traced } from '../../platform/trace.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';
import { PART_SIZE } from './divide-night.ts';
import type { NightContext, NightRequest, RuleOutcome } from './outcome.ts';
import { type NightPlan, type PlannedRule, planDigest, planNight } from './plan-night.ts';
import { type Night, type Prepared, prepareNight } from './prepare-night.ts';
import { stagingTables } from './staging-tables.ts';
import { holdSurges } from './surge.ts';
import { workParts } from './work-parts.ts';

export type Evaluation = { plan: NightPlan; rules: RuleOutcome[]; persons: number };

/** One connection holds the snapshot, one is for lease, progress and claims. */
const OTHER_CONNECTIONS = 2;

export const workersIn = ({ sql, workers = availableParallelism() }: NightContext): number =>
  Math.max(1, Math.min(workers, sql.options.max - OTHER_CONNECTIONS));

type Told = {
  ruleId: string;
  isFailed: boolean;
  reasonZh: string | null;
  reasonEn: string | null;
  subjects: number;
  gaps: number;
  milliseconds: number;
};
type Found = { ruleId: string; findings: number; digest: string };

/** Order of the rows never matters: subjects are sorted by bytes before they are digested. */
async function readResults(sql: Sql | Transaction, { tables }: Night) {
  const told = await sql.unsafe<Told[]>(`
    select rule_id as "ruleId", bool_or(is_failed) as "isFailed",
      min(reason_zh) as "reasonZh", min(reason_en) as "reasonEn", sum(subjects)::int as subjects,
      sum(gaps)::int as gaps, sum(milliseconds)::int as milliseconds
    from ${tables.outcome} group by rule_id`);
  const found = await sql.unsafe<Found[]>(`
    select rule_id as "ruleId", count(*)::int as findings, md5(string_agg(
      concat_ws('|', person_id, unit_code, period, digest), ',' order by person_id, unit_code collate "C", period collate "C")) as digest
    from ${tables.finding} group by rule_id`);
  return {
    told: new Map(told.map((row) => [row.ruleId, row])),
    found: new Map(found.map((row) => [row.ruleId, row])),
  };
}

const NOTHING_FOUND = 'd41d8cd98f00b204e9800998ecf8427e';

function outcomeOf(
  { rule, inputs, scope, isRepeat, blocked }: PlannedRule,
  told: Told | undefined,
  found: Found | undefined,
): RuleOutcome {
  const base = {
    ...{ ruleId: rule.id, scope, isRepeat, inputs },
    ...{ subjects: 0, findings: 0, gaps: 0, milliseconds: 0 },
    findingsDigest: null,
  };
  if (blocked) {
    return { ...base, state: blocked.state, reasonZh: blocked.zh, reasonEn: blocked.en };
  }
  const { reasonZh = null, reasonEn = null, milliseconds = 0 } = told ?? {};
  if (!told || told.isFailed) {
    return { ...base, state: 'failed', reasonZh, reasonEn, milliseconds };
  }
  return {
    ...base,
    ...{ state: 'evaluated', reasonZh, reasonEn, milliseconds },
    subjects: told.subjects,
    gaps: told.gaps,
    findings: found?.findings ?? 0,
    findingsDigest: found?.digest ?? NOTHING_FOUND,
  };
}

async function conclude(ctx: NightContext, night: Night, { persons, officials }: Prepared) {
  const { plan, tables } = night;
  const { told, found } = await readResults(ctx.sql, night);
  const outcomes = plan.rules.map((planned) =>
    outcomeOf(planned, told.get(planned.rule.id), found.get(planned.rule.id)),
  );
  const rules = await holdSurges(ctx.sql, plan, { officials, tables, outcomes });
  return { plan, persons, rules };
}

export type EvaluateOptions = {
  nightId: string;
  token: number;
  /** Called when all parts are known and workers of other processes may join. */
  onReady(parts: number): void;
  onLeft(parts: number): void;
};

/** The whole rule book over one snapshot. */
export async function evaluate(
  ctx: NightContext,
  rules: readonly RuleDefinition[],
  { asOf, mode }: NightRequest,
  { nightId, token, onReady, onLeft }: EvaluateOptions,
): Promise<Evaluation> {
  const result = await ctx.sql.begin('isolation level repeatable read', async (tx) => {
    await tx`set local idle_in_transaction_session_timeout = 0`;
    const plan = await planNight(tx, rules, { asOf, mode });
    const [row] = await tx<{ snapshot: string }[]>`select pg_export_snapshot() as snapshot`;
    const night: Night = {
      ...{ nightId, asOf, plan, tables: stagingTables(token) },
      snapshot: row?.snapshot ?? '',
    };
    const prepared = await traced('night.prepare', {}, () =>
      prepareNight(ctx.sql, night, {
        ...{ mode, planDigest: planDigest(plan) },
        partSize: ctx.partSize ?? PART_SIZE,
      }),
    );
    failpoint('night.prepared');
    onReady(prepared.parts.length);
    await workParts(ctx, night, workersIn(ctx), onLeft);
    return conclude(ctx, night, prepared);
  });
  return result as Evaluation;
}
