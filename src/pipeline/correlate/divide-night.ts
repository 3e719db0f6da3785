/**
 * Cuts a night into parts that workers take one by one. Rules that look at one household at a time are
 * evaluated in ranges of persons; a rule that looks across persons (statistics over units) is a part
 * over everyone; rules that stack findings come after all of these, in ranges again. How the parts are
 * cut follows from the data and never from the number of workers.
 */
import type { Transaction } from '../../platform/database.ts';
import type { NightPlan, PlannedRule } from './plan-night.ts';
import type { StagingTables } from './staging-tables.ts';

export type Part = {
  partNo: number;
  kind: PlannedRule['kind'];
  scope: PlannedRule['scope'];
  /** First person (inclusive) and the next part's first; null = open. */
  from: string | null;
  to: string | null;
};

/** Officials in a part, unless said otherwise: small enough for memory, large enough to be worth it. */
export const PART_SIZE = 5000;

export const rulesOf = (plan: NightPlan, { kind, scope }: Pick<Part, 'kind' | 'scope'>) =>
  plan.rules.filter(
    (planned) => planned.blocked === null && planned.kind === kind && planned.scope === scope,
  );

/** Persons at which ranges of about equal size begin. */
async function starts(tx: Transaction, who: string, partSize: number): Promise<string[]> {
  const rows = await tx.unsafe<{ personId: string }[]>(`
    with listed as (
      select person_id, row_number() over (order by person_id) - 1 as place, count(*) over () as persons
      from ${who}),
    sized as (
      select *, ceil(persons / ceil(persons / ${partSize}::numeric)) as size from listed)
    select person_id as "personId" from sized where place % size = 0 order by person_id`);
  return rows.map(({ personId }) => personId);
}

/** Ranges that together hold every possible person, so that nobody falls between two. */
const rangesOf = (firsts: readonly string[]) =>
  [null, ...firsts.slice(1)].map((from, i) => ({ from, to: firsts[i + 1] ?? null }));

export async function divideNight(
  tx: Transaction,
  plan: NightPlan,
  tables: StagingTables,
  partSize: number,
): Promise<Part[]> {
  const ranges = {
    everyone: rangesOf(await starts(tx, tables.scope, partSize)),
    changed: rangesOf(
      await starts(tx, `${tables.scope} join ${tables.lookedAt} using (person_id)`, partSize),
    ),
  };
  const whole = [{ from: null, to: null }];
  const parts: Part[] = [];
  for (const kind of ['across', 'ordinary', 'stacking'] as const) {
    for (const scope of ['everyone', 'changed'] as const) {
      if (rulesOf(plan, { kind, scope }).length === 0) continue;
      for (const range of kind === 'across' ? whole : ranges[scope]) {
        parts.push({ partNo: parts.length + 1, kind, scope, ...range });
      }
    }
  }
  for (const { partNo, kind, scope, from, to } of parts) {
    await tx.unsafe(`insert into ${tables.part} values ($1, $2, $3, $4, $5)`, [
      partNo,
      kind,
      scope,
      from,
      to,
    ]);
  }
  return parts;
}
