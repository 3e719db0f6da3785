/**
 * One rule over one part of a night, in a savepoint: a rule that throws, times out or gives two
 * findings for one subject is reported as failed, which is not the same as "nothing found", and the
 * others go on.
 */
import { describeError, type Log } from '../../base/log.ts';
import type { Transaction } from '../../platform/database.ts';
import type { RuleDefinition, Snapshot } from '../../rules/kit/define-rule.ts';
import type { PlannedRule } from './plan-night.ts';
import type { SharedTables } from './shared-tables.ts';
import type { StagingTables } from './staging-tables.ts';
import { unconfirmedGaps } from './unconfirmed.ts';

/** How one rule fared in one part. */
export type PartOutcome = {
  ruleId: string;
  isFailed: boolean;
  reasonZh: string | null;
  reasonEn: string | null;
  subjects: number;
  gaps: number;
  milliseconds: number;
};

export type RuleRun = {
  asOf: string;
  tables: StagingTables;
  log: Log;
  subjects: number;
  /** What is left of the time the rule may take in a night. */
  timeoutMs: number;
  snapshot: Snapshot;
  common: SharedTables;
};

const findingsInto = (tables: StagingTables, rule: RuleDefinition, sql: string) => `
  insert into ${tables.finding} (rule_id, family, rule_version, person_id, unit_code, period, severity, facts, evidence, digest, managed_by)
  select '${rule.id}', '${rule.family}', ${rule.version}, f.person_id, f.unit_code, f.period, f.severity, f.facts, f.evidence,
    md5(f.severity || f.facts::text || f.evidence::text)::uuid, coalesce(sc.managed_by, '{}')
  from (${sql}) f left join scope sc on sc.person_id = f.person_id`;

const gapsInto = (tables: StagingTables, { id }: RuleDefinition, sql: string) => `
  insert into ${tables.gap} (rule_id, person_id, period, cause, relatives, reason_zh, reason_en, managed_by)
  select '${id}', g.person_id, g.period, g.cause, g.relatives, g.reason_zh, g.reason_en, sc.managed_by
  from (${sql}) g join scope sc on sc.person_id = g.person_id`;

/** What the rule says it cannot judge, and the relatives whose rows it was not shown. */
function gapsOf(rule: RuleDefinition, snapshot: Snapshot, asOf: string): string[] {
  const own = rule.gaps?.(snapshot);
  const said = own && `select g.*, 'data' as cause, array[]::uuid[] as relatives from (${own}) g`;
  return [said, unconfirmedGaps(rule, asOf)].filter((sql) => typeof sql === 'string');
}

const WHY = {
  timeout: ['计算超时，本次未评估', 'Took too long; not evaluated this time'],
  error: ['计算出错，本次未评估', 'Failed; not evaluated this time'],
} as const;

export async function runRule(
  tx: Transaction,
  { rule }: PlannedRule,
  { asOf, tables, log, subjects, timeoutMs, snapshot, common }: RuleRun,
): Promise<PartOutcome> {
  const started = performance.now();
  const spent = () => Math.round(performance.now() - started);
  const outcome = { ruleId: rule.id, isFailed: false, reasonZh: null, reasonEn: null, subjects };
  try {
    const gaps = await tx.savepoint(async (inner) => {
      const findings = findingsInto(tables, rule, rule.findings(snapshot));
      await inner.unsafe(
        `set local statement_timeout = ${timeoutMs}; ${common.toMake()} ${findings}`,
      );
      let gaps = 0;
      for (const sql of gapsOf(rule, snapshot, asOf)) {
        gaps += (await inner.unsafe(gapsInto(tables, rule, sql))).count;
      }
      return gaps;
    });
    common.settle(true);
    return { ...outcome, gaps, milliseconds: spent() };
  } catch (error) {
    common.settle(false);
    // A lost connection fails the savepoint's rollback too and surfaces from the next statement.
    log.error('rule.failed', error, { rule: rule.id });
    const [reasonZh, reasonEn] =
      WHY[describeError(error).sqlState === '57014' ? 'timeout' : 'error'];
    return { ...outcome, isFailed: true, reasonZh, reasonEn, gaps: 0, milliseconds: spent() };
  }
}
