/** Every rule against its own cases.yml, all in one graph and one night. Adding a rule adds no test code. */
import { beforeAll, describe, expect, test } from 'vitest';
import { fixedClock } from '../src/base/clock.ts';
import { createLog } from '../src/base/log.ts';
import { NO_PERSON } from '../src/base/person-key.ts';
import { Secret } from '../src/base/secret.ts';
import { correlate, type NightOutcome } from '../src/pipeline/correlate/index.ts';
import { registerRules } from '../src/pipeline/register-rules.ts';
import type { Sql } from '../src/platform/database.ts';
import { loadCases, loadRules } from '../src/rules/index.ts';
import type { RuleCase } from '../src/rules/kit/cases.ts';
import { testDatabase } from './harness/database.ts';
import { factsOf, insertFacts, insertFeeds, type Subject } from './rules/case-facts.ts';

const AS_OF = '2026-06-30';
const database = testDatabase();
const cases = loadCases();

type Finding = {
  severity: string;
  facts: { valueZh: string; valueEn: string }[];
  evidence: unknown[];
};
const subjects = new Map<RuleCase, Subject>();
let worker: Sql;
let outcome: NightOutcome;

beforeAll(async () => {
  const { as } = await database.get();
  worker = as('worker');
  const rules = await loadRules();
  await registerRules(worker, rules);
  const batches = await insertFeeds(worker, '2026-06-25');
  const all = [...cases].flatMap(([ruleId, { mustFire, mustStaySilent, notCheckable }]) =>
    [...mustFire, ...mustStaySilent, ...notCheckable].map((each) => ({
      each,
      ...factsOf(ruleId, each),
    })),
  );
  for (const { each, subject } of all) subjects.set(each, subject);
  await insertFacts(
    worker,
    all.flatMap(({ facts }) => facts),
    batches,
  );
  const clock = fixedClock(`${AS_OF}T02:00:00+08:00`);
  const context = { sql: worker, identityKey: new Secret('k'), clock, log: createLog(), rules };
  outcome = await correlate(context, { asOf: AS_OF, mode: 'full', requestedBy: 'test' });
});

async function findingsOf(ruleId: string, each: RuleCase): Promise<Finding[]> {
  const subject = subjects.get(each);
  const isUnit = each.subject === 'unit';
  return worker<Finding[]>`
    select severity, facts, evidence from hub.finding
    where rule_id = ${ruleId} and seen_to = 'infinity'
      and person_id = ${isUnit ? NO_PERSON : (subject?.personId ?? '')}
      and unit_code = ${isUnit ? (subject?.unitCode ?? '') : ''}`;
}

test('D4 every rule of the book was evaluated', () => {
  const states = outcome.rules.map(({ ruleId, state, reasonEn }) => ({ ruleId, state, reasonEn }));
  expect(states).toEqual(
    states.map(({ ruleId }) => ({ ruleId, state: 'evaluated', reasonEn: null })),
  );
  expect(outcome.rules).toHaveLength(cases.size);
});

describe.each([...cases])('%s', (ruleId, { mustFire, mustStaySilent, notCheckable }) => {
  test.each(mustFire.map((each) => [each.name, each] as const))('asks: %s', async (_, each) => {
    const found = await findingsOf(ruleId, each);
    expect(found).toHaveLength(1);
    if (each.severity) expect(found[0]?.severity).toBe(each.severity);
    const words = found[0]?.facts.map(({ valueZh, valueEn }) => `${valueZh} ${valueEn}`).join('\n');
    if (each.says) expect(words).toContain(each.says);
    expect(found[0]?.evidence.length).toBeGreaterThan(0);
  });

  test.each(mustStaySilent.map((each) => [each.name, each] as const))(
    'D11 stays silent: %s',
    async (_, each) => {
      expect(await findingsOf(ruleId, each)).toEqual([]);
    },
  );

  test.each(notCheckable.map((each) => [each.name, each] as const))(
    'says it cannot check: %s',
    async (_, each) => {
      const gaps = await worker`
      select reason_zh from hub.rule_gap
      where rule_id = ${ruleId} and person_id = ${subjects.get(each)?.personId ?? ''}`;
      expect(gaps).toHaveLength(1);
      expect(await findingsOf(ruleId, each)).toEqual([]);
    },
  );
});
