/** The one commit of a night: findings, gaps, warnings and the night's own record, or nothing. */
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';
import type { Fence } from '../lease.ts';
import { forgetChanges } from '../link/changes.ts';
import { conditionInWords } from '../register-rules.ts';
import { warn } from '../warn/index.ts';
import type { Evaluation } from './evaluate.ts';
import {
  countStates,
  type NightContext,
  type NightOutcome,
  type NightRequest,
  type RuleOutcome,
  type WarningCounts,
} from './outcome.ts';
import type { NightPlan } from './plan-night.ts';
import { compareWithStored, recordFindings } from './record-findings.ts';
import { stagingTables } from './staging-tables.ts';

const QUIET: WarningCounts = { raised: 0, changed: 0, lapsed: 0, seenAgain: 0 };

/** Deadlock, serialisation, and an event number taken by a command in the same moment: worth another try. */
const RETRIED = new Set(['40001', '40P01', '23505']);

/** One row per rule, with the versions that this night's findings cite by it. */
async function recordRuns(tx: Transaction, { nightId, evaluation, rules }: Commit) {
  const versions = new Map(
    rules.map(({ id, version, kitVersion }) => [id, { version, kitVersion }]),
  );
  const runs = evaluation.rules.map((run) => ({ ...run, ...versions.get(run.ruleId) }));
  await tx`
    insert into hub.rule_run (night_id, rule_id, rule_version, kit_version, state, reason_zh, reason_en,
      subjects, findings, gaps, milliseconds, is_repeat, inputs, findings_digest)
    select ${nightId}, r.* from jsonb_to_recordset(${JSON.stringify(runs)}::text::jsonb) as r("ruleId" text,
      version int, "kitVersion" int, state text, "reasonZh" text, "reasonEn" text, subjects int, findings int, gaps int, milliseconds int,
      "isRepeat" boolean, inputs text, "findingsDigest" text)`;
}

/** Conditions are shown with the values this night used. */
async function showConditions(tx: Transaction, plan: NightPlan) {
  const shown = plan.rules
    .filter(({ isRepeat }) => !isRepeat)
    .map(({ rule, values }) => ({
      ...{ id: rule.id, version: rule.version },
      ...conditionInWords(rule, values),
    }));
  await tx`
    update hub.rule r set condition_zh = c.zh, condition_en = c.en
    from jsonb_to_recordset(${JSON.stringify(shown)}::text::jsonb) as c(id text, version int, zh text, en text)
    where r.rule_id = c.id and r.version = c.version and r.condition_zh <> c.zh`;
}

/** What a rule holds open it has seen on this date; after the warnings, which lapse by the date before. */
async function noteEvaluated(tx: Transaction, { request: { asOf }, evaluation }: Commit) {
  const evaluated = evaluation.rules.flatMap(({ ruleId, state, isRepeat }) =>
    state === 'evaluated' && !isRepeat ? [ruleId] : [],
  );
  await tx`update hub.rule set evaluated_on = ${asOf} where rule_id = any(${evaluated}::text[])`;
}

export type Commit = {
  nightId: string;
  request: NightRequest;
  rules: readonly RuleDefinition[];
  evaluation: Evaluation;
  fence: Fence;
  onStep(step: number): void;
};
/** Steps told by `onStep`: 1 findings are written, 2 warnings, 3 everything is committed. */
export const COMMIT_STEPS = 3;

export type Committed = { comparison: NightOutcome['comparison']; warnings: WarningCounts };

/** The night's own row, last: what it did and what it could not answer. */
async function closeNight(
  tx: Transaction,
  ctx: NightContext,
  { nightId, evaluation: { plan, persons, rules } }: Commit,
  warnings: WarningCounts,
) {
  const states = countStates(rules);
  await tx`
    update hub.night set state = 'done', done_no = (select coalesce(max(done_no), 0) + 1 from hub.night),
      mode = ${plan.mode}, is_repeat = ${plan.isRepeat},
      ended_at = ${ctx.clock.now()}, last_change_no = ${plan.lastChangeNo}, persons = ${persons}, progress = 100,
      rules_evaluated = ${states.evaluated}, rules_stale = ${states.stale},
      rules_not_checkable = ${states['not-checkable']}, rules_failed = ${states.failed}, rules_held = ${states.held},
      warnings_new = ${warnings.raised}, warnings_changed = ${warnings.changed + warnings.seenAgain},
      warnings_lapsed = ${warnings.lapsed}
    where night_id = ${nightId}`;
}

const hasMoved = (rules: readonly RuleOutcome[]) =>
  rules.some(({ state, isRepeat }) => state === 'evaluated' && !isRepeat);

async function commitOnce(ctx: NightContext, commit: Commit): Promise<Committed> {
  const { nightId, evaluation, fence, rules } = commit;
  const { asOf } = commit.request;
  const { plan } = evaluation;
  const written = { nightId, asOf, tables: stagingTables(fence.token), rules: evaluation.rules };
  const result = await ctx.sql.begin(async (tx) => {
    await fence.check(tx);
    await tx.unsafe(`set local work_mem = '128MB'`);
    const comparison = await compareWithStored(tx, written);
    let warnings = QUIET;
    if (hasMoved(evaluation.rules)) {
      await recordFindings(tx, written);
      commit.onStep(1);
      const warned = { identityKey: ctx.identityKey, rules, nightId, asOf, now: ctx.clock.now() };
      warnings = await warn(tx, warned);
      commit.onStep(2);
      await forgetChanges(tx, { asOf, lastChangeNo: plan.lastChangeNo });
      await showConditions(tx, plan);
      await noteEvaluated(tx, commit);
    }
    await recordRuns(tx, commit);
    await closeNight(tx, ctx, commit, warnings);
    failpoint('night.before-commit');
    return { comparison, warnings };
  });
  failpoint('night.committed');
  return result as Committed;
}

const isRetried = (error: unknown) =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  RETRIED.has(error.code);

export async function commitNight(ctx: NightContext, commit: Commit): Promise<Committed> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const committed = await commitOnce(ctx, commit);
      commit.onStep(COMMIT_STEPS);
      return committed;
    } catch (error) {
      if (attempt === 3 || !isRetried(error)) throw error;
      ctx.log.warn('night.commit-retried', { attempt });
    }
  }
}
