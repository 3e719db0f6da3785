/**
 * One night: the rule book over one snapshot, then findings and warnings in one commit.
 *
 * A night holds the lease `night`; a second one yields at once. Workers, here and in other processes,
 * evaluate its parts over one exported snapshot and write staging tables only; then a single fenced
 * transaction writes findings, gaps, warnings and the night's own record. Killed before that commit, a night has changed nothing and the
 * next one takes over; killed after it, everything is there.
 *
 * A rule that has spoken about a later date repeats: evaluated over the graph as known then, recorded
 * and compared with what was stored, but it changes no finding and no warning. A night in which nothing
 * was evaluated, or which failed, is nobody's predecessor: it never makes a later one a repeat.
 */
import { createHash, randomUUID } from 'node:crypto';
import { HubError } from '../../base/errors.ts';
import { failpoint } from '../../base/failpoint.ts';
import { checkJudgedDate } from '../../base/judged-date.ts';
import { traced } from '../../platform/trace.ts';
import { loadRules } from '../../rules/index.ts';
import { type Fence, withLease } from '../lease.ts';
import { COMMIT_STEPS, commitNight } from './commit-night.ts';
import { evaluate } from './evaluate.ts';
import {
  countStates,
  type NightContext,
  type NightOutcome,
  type NightRequest,
  type RuleOutcome,
} from './outcome.ts';
import { dropStaging } from './staging-tables.ts';

export type { NightContext, NightOutcome, NightRequest } from './outcome.ts';

const LEASE_MS = 60_000;
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
    const [opened] = await tx`
      insert into hub.night as n (night_id, as_of, mode, state, requested_by, started_at, attempts)
      values (${nightId}, ${asOf}, 'full', 'running', ${requestedBy}, ${ctx.clock.now()}, 1)
      on conflict (night_id) do update set state = 'running', started_at = excluded.started_at,
        ended_at = null, progress = 0, attempts = n.attempts + 1
        where n.state <> 'done'
      returning attempts`;
    // A request delivered twice must not wipe the record of what was done for it.
    if (!opened) throw new HubError('run.superseded', { name: 'night' });
  });
  failpoint('night.opened');
}

const digestOfAll = (rules: readonly RuleOutcome[]) =>
  createHash('sha256')
    .update(JSON.stringify(rules.map((run) => [run.ruleId, run.state, run.findingsDigest]).sort()))
    .digest('hex');

/** Percent of a night: its parts, by whomever they are done, and the steps of the commit. */
function progressOf(ctx: NightContext, fence: Fence, nightId: string) {
  let parts = 0;
  const show = (done: number) => {
    const total = parts + COMMIT_STEPS;
    fence.moved();
    ctx.onProgress?.('correlate', done, total);
    const percent = Math.floor((done * 100) / total);
    void ctx.sql`
      update hub.night set progress = ${percent}
      where night_id = ${nightId} and state = 'running' and progress < ${percent}`.catch(
      () => undefined,
    );
  };
  return {
    onReady(all: number) {
      parts = all;
      show(0);
      ctx.onParts?.(all);
    },
    onLeft: (left: number) => show(parts - left),
    onStep: (step: number) => show(parts + step),
  };
}

async function runNight(
  ctx: NightContext,
  fence: Fence,
  nightId: string,
  request: NightRequest,
): Promise<NightOutcome> {
  const rules = ctx.rules ?? (await loadRules());
  await openNight(ctx, fence, nightId, request);
  await dropStaging(ctx.sql);
  const progress = progressOf(ctx, fence, nightId);
  const options = { nightId, token: fence.token, ...progress };
  const watched = { ...ctx, onRule: fence.moved };
  const evaluation = await evaluate(watched, rules, request, options);
  failpoint('night.evaluated');
  const commit = { nightId, request, rules, evaluation, fence, onStep: progress.onStep };
  const { comparison, warnings } = await traced('night.commit', {}, () => commitNight(ctx, commit));
  await dropStaging(ctx.sql);
  const { plan, persons } = evaluation;
  return {
    nightId,
    asOf: request.asOf,
    mode: plan.mode,
    isRepeat: plan.isRepeat,
    persons,
    rules: evaluation.rules,
    states: countStates(evaluation.rules),
    warnings,
    findingsDigest: digestOfAll(evaluation.rules),
    comparison,
  };
}

const recordFailure = (ctx: NightContext, nightId: string) =>
  ctx.sql`
    update hub.night set state = 'failed', ended_at = ${ctx.clock.now()}
    where night_id = ${nightId} and state = 'running'`.then(
    () => undefined,
    () => undefined,
  );

/** A night with an unanswered rule is heard of, not only recorded. */
function tell(
  { log }: NightContext,
  { nightId, asOf, mode, isRepeat, persons, states, warnings }: NightOutcome,
) {
  const { 'not-checkable': notCheckable, evaluated, ...others } = states;
  const isComplete = notCheckable + others.stale + others.failed + others.held === 0;
  const level = isComplete ? 'info' : 'warn';
  log[level]('night.done', {
    ...{ night: nightId, asOf, mode, isRepeat, persons, rules: evaluated, notCheckable },
    ...others,
    ...warnings,
  });
}

/** Runs one night; throws `run.busy` when another one runs, `night.in-future` for a date to come. */
export async function correlate(ctx: NightContext, request: NightRequest): Promise<NightOutcome> {
  checkJudgedDate(request.asOf, ctx.clock);
  const nightId = request.nightId ?? randomUUID();
  const { clock, signal, leaseMs: ttlMs = LEASE_MS } = ctx;
  // Also where the work itself hangs and cannot say that it failed.
  const onFailure = () => recordFailure(ctx, nightId);
  const outcome = await withLease(ctx.sql, 'night', { ttlMs, clock, signal, onFailure }, (fence) =>
    traced('night', { mode: request.mode }, () => runNight(ctx, fence, nightId, request)),
  );
  tell(ctx, outcome);
  return outcome;
}
