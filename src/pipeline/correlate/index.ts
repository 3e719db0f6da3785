/**
 * One night: the rule book over one snapshot, then findings and warnings in one commit.
 *
 * A night holds the lease `night`; a second one yields at once. Evaluation reads one repeatable-read
 * snapshot and writes staging tables only; then a single fenced transaction writes findings, gaps,
 * warnings and the night's own record. Killed before that commit, a night has changed nothing and the
 * next one takes over; killed after it, everything is there.
 *
 * A night dated before the newest one is a repeat: evaluated over the graph as known then, recorded
 * with its rule runs and compared with what was stored, but it changes no finding and no warning.
 */
import { createHash, randomUUID } from 'node:crypto';
import { HubError } from '../../base/errors.ts';
import { failpoint } from '../../base/failpoint.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { loadRules } from '../../rules/index.ts';
import type { RuleDefinition } from '../../rules/kit/define-rule.ts';
import { type Fence, withLease } from '../lease.ts';
import { forgetChanges } from '../link/changes.ts';
import { conditionInWords } from '../register-rules.ts';
import { warn } from '../warn/index.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import type {
  NightContext,
  NightOutcome,
  NightRequest,
  RuleOutcome,
  WarningCounts,
} from './outcome.ts';
import type { NightPlan } from './plan-night.ts';
import { compareWithStored, recordFindings } from './record-findings.ts';
import { dropStaging, stagingTables } from './staging-tables.ts';

export type { NightContext, NightOutcome, NightRequest } from './outcome.ts';

const LEASE_MS = 60_000;
const QUIET: WarningCounts = { raised: 0, changed: 0, lapsed: 0, seenAgain: 0 };

/** Deadlock, serialisation, and an event number taken by a command in the same moment: worth another try. */
const RETRIED = new Set(['40001', '40P01', '23505']);

/** Whoever holds the lease knows that no other night is alive: what still says running was killed. */
async function openNight(
  ctx: NightContext,
  fence: Fence,
  nightId: string,
  { asOf, requestedBy }: NightRequest,
) {
  await ctx.sql.begin(async (tx) => {
    await fence.check(tx);
    await tx`update hub.night set state = 'superseded', ended_at = ${ctx.clock.now()} where state = 'running'`;
    await tx`
      insert into hub.night (night_id, as_of, mode, state, requested_by, started_at)
      values (${nightId}, ${asOf}, 'full', 'running', ${requestedBy}, ${ctx.clock.now()})
      on conflict (night_id) do update set state = 'running', started_at = excluded.started_at,
        ended_at = null, progress = 0`;
  });
  failpoint('night.opened');
}

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

const digestOfAll = (rules: readonly RuleOutcome[]) =>
  createHash('sha256')
    .update(JSON.stringify(rules.map((run) => [run.ruleId, run.state, run.findingsDigest]).sort()))
    .digest('hex');

type Commit = { nightId: string; request: NightRequest; evaluation: Evaluation; fence: Fence };

async function commitNight(ctx: NightContext, rules: readonly RuleDefinition[], commit: Commit) {
  const { nightId, evaluation, fence } = commit;
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
      warnings = await warn(tx, {
        identityKey: ctx.identityKey,
        rules,
        nightId,
        asOf,
        now: ctx.clock.now(),
      });
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
  return result as { comparison: NightOutcome['comparison']; warnings: WarningCounts };
}

const isRetried = (error: unknown) =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  RETRIED.has(error.code);

async function commitWithRetries(
  ctx: NightContext,
  rules: readonly RuleDefinition[],
  commit: Commit,
) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await commitNight(ctx, rules, commit);
    } catch (error) {
      if (attempt === 3 || !isRetried(error)) throw error;
      ctx.log.warn('night.commit-retried', { attempt });
    }
  }
}

const showProgress = (sql: Sql, nightId: string, done: number, total: number) =>
  sql`update hub.night set progress = ${Math.floor((done * 90) / total)} where night_id = ${nightId} and state = 'running'`.catch(
    () => undefined,
  );

async function runNight(
  ctx: NightContext,
  fence: Fence,
  nightId: string,
  request: NightRequest,
): Promise<NightOutcome> {
  const rules = ctx.rules ?? (await loadRules());
  await openNight(ctx, fence, nightId, request);
  try {
    await dropStaging(ctx.sql);
    const onProgress = (step: string, done: number, total = 1) => {
      fence.moved();
      ctx.onProgress?.(step, done, total);
      void showProgress(ctx.sql, nightId, done, total);
    };
    const evaluation = await evaluate(
      { ...ctx, onProgress },
      rules,
      request,
      stagingTables(fence.token),
    );
    failpoint('night.evaluated');
    const { comparison, warnings } = await commitWithRetries(ctx, rules, {
      nightId,
      request,
      evaluation,
      fence,
    });
    await dropStaging(ctx.sql);
    const { plan, persons } = evaluation;
    return {
      nightId,
      asOf: request.asOf,
      mode: plan.mode,
      isRepeat: plan.isRepeat,
      persons,
      rules: evaluation.rules,
      warnings,
      findingsDigest: digestOfAll(evaluation.rules),
      comparison,
    };
  } catch (error) {
    await ctx.sql`
      update hub.night set state = 'failed', ended_at = ${ctx.clock.now()}
      where night_id = ${nightId} and state = 'running'`.catch(() => undefined);
    throw error;
  }
}

/** Runs one night; throws `run.busy` when another one runs. */
export async function correlate(ctx: NightContext, request: NightRequest): Promise<NightOutcome> {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(request.asOf)) {
    throw new HubError('request.invalid', { reason: 'asOf' });
  }
  const nightId = request.nightId ?? randomUUID();
  const lease = { holder: nightId, ttlMs: ctx.leaseMs ?? LEASE_MS, clock: ctx.clock };
  const outcome = await withLease(ctx.sql, 'night', lease, (fence) =>
    runNight(ctx, fence, nightId, request),
  );
  ctx.log.info('night.done', {
    night: outcome.nightId,
    asOf: outcome.asOf,
    mode: outcome.mode,
    persons: outcome.persons,
    ...outcome.warnings,
  });
  return outcome;
}
