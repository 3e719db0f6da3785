/**
 * Other processes lend a hand: they find the running night by its lease, look at the same snapshot and
 * take parts until none is left. A helper decides nothing; the night's own process commits.
 */
import type { Sql } from '../../platform/database.ts';
import { loadRules } from '../../rules/index.ts';
import { workersIn } from './evaluate.ts';
import type { NightContext, NightRequest } from './outcome.ts';
import { planDigest, planNight } from './plan-night.ts';
import { inSnapshot, type Night } from './prepare-night.ts';
import { stagingTables } from './staging-tables.ts';
import { isOver, workParts } from './work-parts.ts';

type Head = Pick<Night, 'nightId' | 'asOf' | 'snapshot'> &
  Pick<NightRequest, 'mode'> & { planDigest: string };

/** The night, if it is under way and cut into parts. */
async function findNight(sql: Sql, nightId: string) {
  const [lease] = await sql<{ token: string }[]>`
    select token from hub.lease where name = 'night' and holder is not null`;
  if (!lease) return undefined;
  const tables = stagingTables(Number(lease.token));
  const [table] = await sql<{ exists: boolean }[]>`
    select to_regclass(${tables.head}) is not null as exists`;
  if (!table?.exists) return undefined;
  const [head] = await sql.unsafe<Head[]>(`
    select night_id as "nightId", as_of as "asOf", mode, snapshot, plan_digest as "planDigest" from ${tables.head}`);
  return head?.nightId === nightId ? { ...head, tables } : undefined;
}

/**
 * Helps with a night under way; returns when its last part is done, and at once when it is over. A
 * process whose rule book is another one stays out of it.
 */
export async function helpNight(ctx: NightContext, nightId: string): Promise<void> {
  try {
    await help(ctx, nightId);
  } catch (error) {
    // Its own process ended or lost its lease: whoever takes the night up begins it anew.
    if (!isOver(error)) throw error;
    ctx.log.info('night.help-over', { night: nightId });
  }
}

async function help(ctx: NightContext, nightId: string) {
  const found = await findNight(ctx.sql, nightId);
  if (!found) return;
  const rules = ctx.rules ?? (await loadRules());
  const plan = await inSnapshot(ctx.sql, found.snapshot, (tx) => planNight(tx, rules, found));
  if (planDigest(plan) !== found.planDigest) {
    ctx.log.warn('night.other-rule-book', { night: found.nightId });
    return;
  }
  await workParts(ctx, { ...found, plan }, workersIn(ctx));
}
