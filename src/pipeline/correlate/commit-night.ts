/** The one commit of a night: findings, gaps, warnings and the night's own record, or nothing. */
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';
import type { Fence } from '../lease.ts';
import { forgetChanges } from '../link/changes.ts';
import { conditionInWords } from '../register-rules.ts';
import { warn } from '../warn/index.ts';
import type { Evaluation } from './evaluate.ts';
import type {
  NightContext,
  NightOutcome,
  NightRequest,
  RuleOutcome,
  WarningCounts,
} from './outcome.ts';
import type { NightPlan } from './plan-night.ts';
import { compareWithStored, recordFindings } from './record-findings.ts';
import { stagingTables } from './staging-tables.ts';

const QUIET: WarningCounts = { raised: 0, changed: 0, lapsed: 0, seenAgain: 0 };

/** Deadlock, serialisation, and an event number taken by a command in the same moment: worth another try. */
const RETRIED = new Set(['40001', '40P01', '23505']);

async function recordRuns(tx: Transaction, nightId: string, rules: readonly RuleOutcome[]) {
  for (const run of rules) {
    await tx`
      insert into hub.rule_run (night_id, rule_id, state, reason_zh, reason_en, subjects, findings, gaps,
        milliseconds, inputs, findings_digest)
      values (${nightId}, ${run.ruleId}, ${run.state}, ${run.reasonZh}, ${run.reasonEn}, ${run.subjects},
        ${run.findings}, ${run.gaps}, ${run.milliseconds}, ${run.inputs}, ${run.findingsDigest})`;
  }
}

/** Conditions are shown with the values this night used. */
async function showConditions(tx: Transaction, plan: NightPlan) {
  for (const { rule, values } of plan.rules) {
    const { zh, en } = conditionInWords(rule, values);
    await tx`
      update hub.rule set condition_zh = ${zh}, condition_en = ${en}
      where rule_id = ${rule.id} and version = ${rule.version} and condition_zh <> ${zh}`;
  }
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

async function commitOnce(ctx: NightContext, commit: Commit): Promise<Committed> {
  const { nightId, evaluation, fence, rules } = commit;
  const { asOf } = commit.request;
  const { plan } = evaluation;
  const written = { nightId, asOf, tables: stagingTables(fence.token), rules: evaluation.rules };
  const result = await ctx.sql.begin(async (tx) => {
    await fence.check(tx);
    await tx.unsafe(`set local work_mem = '128MB'`);
    const comparison = plan.isRepeat ? await compareWithStored(tx, written) : null;
    let warnings = QUIET;
    if (!plan.isRepeat) {
      await recordFindings(tx, written);
      commit.onStep(1);
      const warned = { identityKey: ctx.identityKey, rules, nightId, asOf, now: ctx.clock.now() };
      warnings = await warn(tx, warned);
      commit.onStep(2);
      await forgetChanges(tx, { asOf, lastChangeNo: plan.lastChangeNo });
      await showConditions(tx, plan);
    }
    await recordRuns(tx, nightId, evaluation.rules);
    await tx`
      update hub.night set state = 'done', mode = ${plan.mode}, ended_at = ${ctx.clock.now()},
        last_change_no = ${plan.lastChangeNo}, persons = ${evaluation.persons}, progress = 100,
        warnings_new = ${warnings.raised}, warnings_changed = ${warnings.changed + warnings.seenAgain},
        warnings_lapsed = ${warnings.lapsed}
      where night_id = ${nightId}`;
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
