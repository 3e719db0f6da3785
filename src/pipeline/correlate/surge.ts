/**
 * A rule that suddenly asks about a fifth of everybody is broken, or its data are. Its findings are
 * held: they become no warnings, close none, and the rule's run says so until a person looks.
 */
import type { Sql } from '../../platform/database.ts';
import type { RuleOutcome } from './outcome.ts';
import type { NightPlan } from './plan-night.ts';
import type { StagingTables } from './staging-tables.ts';

type Run = {
  /** All in service on the date. */
  officials: number;
  tables: StagingTables;
  outcomes: readonly RuleOutcome[];
};

/**
 * Persons a rule would ask about once this night is written: tonight's, and on a small night those who
 * stood before and were not looked at. A small night's own share says nothing: it holds whom a change
 * woke.
 */
async function askedAbout(sql: Sql, { ruleId, scope }: RuleOutcome, tables: StagingTables) {
  const [tonight] = await sql.unsafe<{ n: number }[]>(
    `select count(distinct person_id)::int as n from ${tables.finding} where rule_id = '${ruleId}' and unit_code = ''`,
  );
  if (scope === 'everyone') return tonight?.n ?? 0;
  const [before] = await sql.unsafe<{ n: number }[]>(`
    select count(distinct f.person_id)::int as n from hub.finding f
    where f.rule_id = '${ruleId}' and f.unit_code = '' and f.seen_to = 'infinity'
      and not exists (select 1 from ${tables.lookedAt} l where l.person_id = f.person_id)`);
  return (tonight?.n ?? 0) + (before?.n ?? 0);
}

export async function holdSurges(
  sql: Sql,
  plan: NightPlan,
  { officials, tables, outcomes }: Run,
): Promise<RuleOutcome[]> {
  const checked: RuleOutcome[] = [];
  for (const outcome of outcomes) {
    const values = plan.rules.find(({ rule }) => rule.id === outcome.ruleId)?.values;
    const least = Number(values?.surgeLeast);
    const limit = (officials * Number(values?.surgePercent)) / 100;
    const isQuiet = outcome.state !== 'evaluated' || outcome.findings === 0;
    const asked = isQuiet ? 0 : await askedAbout(sql, outcome, tables);
    if (asked < least || asked <= limit) {
      checked.push(outcome);
      continue;
    }
    checked.push({
      ...outcome,
      state: 'held',
      reasonZh: `触发人数异常（${asked}/${officials}），结果暂存待查`,
      reasonEn: `Fires for too many persons (${asked} of ${officials}); held for review`,
    });
  }
  return checked;
}
