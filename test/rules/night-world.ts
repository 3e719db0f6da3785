/** A small graph of its own for tests of nights: feeds, people by case facts, and nights over them. */
import { fixedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import {
  correlate,
  type NightContext,
  type NightRequest,
} from '../../src/pipeline/correlate/index.ts';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import type { Sql } from '../../src/platform/database.ts';
import { loadRules } from '../../src/rules/index.ts';
import type { RuleCase } from '../../src/rules/kit/cases.ts';
import type { RuleDefinition } from '../../src/rules/kit/define-rule.ts';
import {
  type Fact,
  FEEDS,
  insertFacts,
  insertFeed,
  insertFeeds,
  rowsOf,
  startCounting,
} from './case-facts.ts';

export const KEY = new Secret('key of this test');
const words = { zh: '测试', en: 'test' };

/** A rule of the test's own, asking about everyone `where` picks. */
export const testRule = (
  id: string,
  findings: RuleDefinition['findings'],
  more: Partial<RuleDefinition> = {},
): RuleDefinition => ({
  id,
  version: 1,
  family: 'tenure',
  title: words,
  question: { zh: '{value}？', en: '{value}?' },
  condition: words,
  legalBasis: [words],
  falseIf: [words],
  innocent: [words],
  feeds: [],
  parameters: {},
  isAfterOthers: false,
  source: id,
  kitVersion: 1,
  findings,
  ...more,
});

/** One finding per official in scope, showing `value`. */
export const aboutEveryone =
  (value = `'x'`): RuleDefinition['findings'] =>
  (s) =>
    `
    select sc.person_id, '' as unit_code, 'now' as period, 'yellow' as severity,
      jsonb_build_array(jsonb_build_object('name', 'value', 'labelZh', '值', 'labelEn', 'value',
        'valueZh', (${value})::text, 'valueEn', (${value})::text)) as facts,
      jsonb_build_array(${s.evidence('o', { label: words, valueZh: `'x'`, valueEn: `'x'` })}) as evidence
    from scope sc join ${s.at('official')} o using (person_id)`;

/** Key of the lock that holds `gatedRules` at one person until a test lets go of it. */
export const GATE = 4242;

/** Two rules, of which one waits at the person until the gate is open, and one that stacks. */
export const gatedRules = (personId: string): RuleDefinition[] => [
  testRule(
    'M01',
    (s) =>
      `${aboutEveryone()(s)} where sc.person_id <> '${personId}' or pg_advisory_xact_lock(${GATE}) is not null`,
  ),
  testRule('M02', aboutEveryone(`'y'`), { family: 'audit' }),
  testRule(
    'M03',
    (s) => `
    select f.person_id, '' as unit_code, 'now' as period, 'red' as severity, '[]'::jsonb as facts,
      jsonb_agg(f.evidence -> 0 order by f.rule_id) as evidence
    from ${s.found} f join ${s.scope} sc using (person_id) group by f.person_id`,
    { isAfterOthers: true, family: 'cross-source' },
  ),
];

/** The rules the people of these tests were made for; whatever rules the book gains, their nights stay theirs. */
const RULES: ReadonlySet<string> = new Set([
  'A01',
  'A04',
  'A06',
  'C03',
  'T01',
  'U02',
  'V01',
  'W01',
  'X01',
]);

export type NightWorld = Awaited<ReturnType<typeof nightWorld>>;

export async function nightWorld(
  sql: Sql,
  rules?: readonly RuleDefinition[],
  dataOf = '2026-01-20',
) {
  startCounting();
  const book = rules ?? (await loadRules()).filter(({ id }) => RULES.has(id));
  await registerRules(sql, book);
  const batches = await insertFeeds(sql, dataOf);
  const clock = fixedClock('2026-07-01T02:00:00+08:00');
  const context: NightContext = { sql, identityKey: KEY, clock, log: silentLog, rules: book };
  /** Every change arrives with a delivery of its own, as the link stage records it. */
  const changed = async (personIds: readonly string[], on: string) => {
    const batchId = await insertFeed(sql, 'roster', on);
    await sql`
      insert into hub.changed_subject (subject, subject_id, batch_id) select distinct 'person', p, ${batchId}::bigint from unnest(${[...personIds]}::uuid[]) p`;
  };
  const idsOf = (facts: readonly Fact[]) => facts.map(({ row }) => String(row.person_id));
  const names: string[] = [];
  /** The rows of an official known to the test by name; nothing beside what is said. */
  const told = (name: string, facts: RuleCase['facts'], without: string[]) => {
    if (!names.includes(name)) names.push(name);
    const given: RuleCase = { name, subject: 'person', others: [], without, facts };
    return rowsOf({ ruleId: 'world', reads: 'everything', given }, 1 + names.indexOf(name));
  };
  const write = async (facts: readonly Fact[], knownFrom: string) => {
    const dated = facts.map(({ table, row }) => ({
      table,
      row: { ...row, known_from: knownFrom },
    }));
    await insertFacts(sql, dated, batches);
    await changed(idsOf(dated), knownFrom);
  };
  return {
    sql,
    context,
    book,
    night(asOf: string, more: Partial<NightRequest> = {}, other: Partial<NightContext> = {}) {
      if (asOf > clock.today()) clock.moveTo(`${asOf}T02:00:00+08:00`);
      return correlate(
        { ...context, ...other },
        { asOf, mode: 'auto', requestedBy: 'test', ...more },
      );
    },
    /** Adds an official with the given facts, known from `knownFrom`; gives the official's id. */
    async person(name: string, facts: RuleCase['facts'] = [], knownFrom = '2026-01-20') {
      const made = told(name, facts, []);
      await write(made.facts, knownFrom);
      return made.subject;
    },
    /** A later delivery of every feed, so that none is stale. */
    async deliver(asOf: string) {
      for (const feed of FEEDS) batches.set(feed, await insertFeed(sql, feed, asOf));
    },
    /** Facts added to an official who exists; `given` names them as a case would. */
    async add(name: string, facts: RuleCase['facts'], knownFrom: string) {
      const without = ['official', 'unit', 'declaration', 'income'];
      await write(told(name, facts, without).facts, knownFrom);
    },
    /** Ends what is known of a table about a person, as a withdrawal or the first half of a correction. */
    async end(table: string, personId: string, on: string) {
      await sql.unsafe(
        `update hub.${table} set known_to = '${on}' where person_id = '${personId}' and known_to = 'infinity'`,
      );
      await changed([personId], on);
    },
  };
}

/** Everything a night leaves behind, without ids of nights and instants. */
export async function traces(sql: Sql) {
  const [row] = await sql<Record<string, string>[]>`
    select
      (select md5(coalesce(string_agg((to_jsonb(f) - 'night_id')::text, ',' order by person_id, rule_id, unit_code, period, seen_from), '')) from hub.finding f) as findings,
      (select md5(coalesce(string_agg((to_jsonb(g) - 'night_id')::text, ',' order by person_id, rule_id, period), '')) from hub.rule_gap g) as gaps,
      (select md5(coalesce(string_agg(to_jsonb(w)::text, ',' order by warning_id), '')) from hub.warning w) as warnings,
      (select md5(coalesce(string_agg(to_jsonb(e)::text, ',' order by warning_id, position), '')) from hub.warning_evidence e) as evidence,
      (select md5(coalesce(string_agg((to_jsonb(v) - 'at' - 'detail')::text, ',' order by warning_id, event_no), '')) from hub.warning_event v) as events`;
  return row ?? {};
}
