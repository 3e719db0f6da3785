/**
 * Judges the cases of one rule in a world of their own: an emptied graph, the people of these cases
 * and a few ordinary neighbours, and one night of this rule (of the whole book for a rule that stacks
 * the findings of others). A case that cannot even be told, or that breaks the rule's SQL, fails alone.
 */
import { fixedClock } from '../../src/base/clock.ts';
import { type Log, silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { correlate } from '../../src/pipeline/correlate/index.ts';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import type { Sql } from '../../src/platform/database.ts';
import type { RuleCase } from '../../src/rules/kit/cases.ts';
import type { RuleDefinition } from '../../src/rules/kit/define-rule.ts';
import { tablesOf } from '../../src/rules/kit/snapshot.ts';
import {
  type Fact,
  insertFacts,
  insertFeeds,
  rowsOf,
  type Subject,
  startCounting,
} from './case-facts.ts';
import { describeSqlError } from './sql-error.ts';

const AS_OF = '2026-06-30';
const DATA_OF = '2026-06-25';
/** Ordinary officials beside the cases, each in a unit of his own: rules that compare need others. */
const NEIGHBOURS = 24;

export type CaseFinding = {
  severity: string;
  facts: { name: string; valueZh: string; valueEn: string }[];
  evidence: unknown[];
};
export type Verdict = {
  findings: CaseFinding[];
  gaps: number;
  /** Why the case could not be judged at all. */
  broken?: string | undefined;
};
export type Connections = { owner: Sql; worker: Sql };

/** Forgets everything: tables that hold something; most hold nothing, and emptying costs files. */
async function empty(owner: Sql): Promise<void> {
  await owner.unsafe(`do $$
    declare filled text := (select string_agg(format('%I.%I', schemaname, tablename), ', ')
      from pg_tables where schemaname = 'hub' and pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0);
    begin if filled is not null then execute 'truncate ' || filled || ' restart identity cascade'; end if; end $$`);
}

const ORDINARY: RuleCase = {
  name: 'a neighbour',
  subject: 'person',
  without: [],
  others: [],
  facts: [],
};

export const readsOf = (rule: RuleDefinition): ReadonlySet<string> | 'everything' =>
  rule.isAfterOthers ? 'everything' : tablesOf(rule);

/** Keeps what a rule's SQL died of; the hub's own log never shows it. */
function listeningLog(): { log: Log; errors: Map<string, unknown> } {
  const errors = new Map<string, unknown>();
  const log: Log = {
    ...silentLog,
    error: (_, error, fields) => void errors.set(String(fields?.rule), error),
  };
  return { log, errors };
}

/** Why the rule was not evaluated; `isByCase` where its SQL died of what some case says. */
async function night(worker: Sql, book: readonly RuleDefinition[], rule: RuleDefinition) {
  const { log, errors } = listeningLog();
  const clock = fixedClock(`${AS_OF}T02:00:00+08:00`);
  const context = { sql: worker, identityKey: new Secret('k'), clock, log, rules: book };
  const outcome = await correlate(context, { asOf: AS_OF, mode: 'full', requestedBy: 'test' });
  const run = outcome.rules.find(({ ruleId }) => ruleId === rule.id);
  if (run?.state === 'evaluated') return undefined;
  const error = errors.get(rule.id);
  return {
    isByCase: error !== undefined,
    reason: error ? describeSqlError(error) : `${rule.id} is ${run?.state}: ${run?.reasonEn}`,
  };
}

/** What the night left behind of one rule, by subject. */
async function readVerdicts(worker: Sql, { id }: RuleDefinition) {
  const findings = await worker<(CaseFinding & { subject: string })[]>`
    select coalesce(nullif(unit_code, ''), person_id::text) as subject, severity, facts, evidence
    from hub.finding where rule_id = ${id} and seen_to = 'infinity'`;
  const gaps = await worker<{ subject: string }[]>`
    select person_id::text as subject from hub.rule_gap where rule_id = ${id}`;
  return (each: RuleCase, { personId, unitCode }: Subject): Verdict => {
    const subject = each.subject === 'unit' ? unitCode : personId;
    return {
      findings: findings.filter((finding) => finding.subject === subject),
      gaps: gaps.filter((gap) => gap.subject === personId).length,
    };
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

type World = { worker: Sql; rule: RuleDefinition; batches: ReadonlyMap<string, number> };

/** The ordinary neighbours, and what every world has: rules, feeds, one delivery of each. */
async function furnish(worker: Sql, rules: readonly RuleDefinition[], rule: RuleDefinition) {
  startCounting();
  await registerRules(worker, rules);
  // A world of cases is no county: most of its people are there to be asked about.
  await worker`update hub.rule_parameter set value = to_jsonb(100) where name = 'surgePercent'`;
  const world: World = { worker, rule, batches: await insertFeeds(worker, DATA_OF) };
  const neighbours = Array.from({ length: NEIGHBOURS }, (_, n) =>
    rowsOf({ ruleId: rule.id, reads: readsOf(rule), given: ORDINARY }, n + 1),
  );
  await insertFacts(
    worker,
    neighbours.flatMap(({ facts }) => facts),
    world.batches,
  );
  return world;
}

type ToldCase = { each: RuleCase; subject?: Subject; facts: Fact[]; broken?: string };

const describe = (error: unknown): string =>
  error instanceof Error && 'severity' in error ? describeSqlError(error) : messageOf(error);

function rowsOfCase({ rule }: World, each: RuleCase, number: number): ToldCase {
  try {
    return { each, ...rowsOf({ ruleId: rule.id, reads: readsOf(rule), given: each }, number) };
  } catch (error) {
    return { each, facts: [], broken: describe(error) };
  }
}

/** Puts the cases' people into the world: all at once, or where that fails case by case. */
async function tell({ worker, batches }: World, cases: readonly ToldCase[]): Promise<ToldCase[]> {
  const insert = (facts: readonly Fact[]) => worker.begin((tx) => insertFacts(tx, facts, batches));
  try {
    await insert(cases.flatMap(({ facts }) => facts));
    return [...cases];
  } catch {
    const told: ToldCase[] = [];
    for (const each of cases) {
      const broken = await insert(each.facts).then(() => each.broken, describe);
      told.push(broken === undefined ? each : { each: each.each, facts: [], broken });
    }
    return told;
  }
}

/** A verdict on every case. `book` is the whole rule book. */
export async function judge(
  { owner, worker }: Connections,
  book: readonly RuleDefinition[],
  rule: RuleDefinition,
  cases: readonly RuleCase[],
): Promise<Map<RuleCase, Verdict>> {
  await empty(owner);
  const rules = rule.isAfterOthers ? book : [rule];
  const world = await furnish(worker, rules, rule);
  const rows = cases.map((each, n) => rowsOfCase(world, each, NEIGHBOURS + 1 + n));
  const told = await tell(world, rows);
  const failure = await night(worker, rules, rule);
  const read = await readVerdicts(worker, rule);
  const verdicts = new Map<RuleCase, Verdict>(
    told.map(({ each, subject, broken = failure?.reason }) => [
      each,
      { ...(subject ? read(each, subject) : { findings: [], gaps: 0 }), broken },
    ]),
  );
  const standing = told.filter(({ subject }) => subject).map(({ each }) => each);
  if (!failure?.isByCase || standing.length === 1) return verdicts;
  // One of several broke the rule's SQL: alone, the others show what they are.
  for (const each of standing) {
    for (const [, verdict] of await judge({ owner, worker }, book, rule, [each])) {
      verdicts.set(each, verdict);
    }
  }
  return verdicts;
}
