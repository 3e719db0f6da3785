/** Every rule against its own cases.yml, each rule in a world of its own. Adding a rule adds no test code. */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCases, loadRules } from '../src/rules/index.ts';
import type { RuleCase } from '../src/rules/kit/cases.ts';
import { placesIn } from '../src/rules/kit/check-rule.ts';
import { testDatabase } from './harness/database.ts';
import { type Connections, judge, type Verdict } from './rules/case-worlds.ts';

const database = testDatabase();
const cases = await loadCases();
const book = await loadRules();

/** The same for all rules: a book of a hundred would use up the server's connections. */
let connections: Connections;
beforeAll(async () => {
  const { as } = await database.get();
  connections = { owner: as('owner', 1), worker: as('worker') };
});

const named = (list: readonly RuleCase[]) => list.map((each) => [each.name, each] as const);

test('D11 every rule of the book has cases', () => {
  expect(book.map(({ id }) => id)).toEqual([...cases.keys()].sort());
});

describe.each(book.map((rule) => [rule.id, rule] as const))('%s', (ruleId, rule) => {
  const { mustFire = [], mustStaySilent = [], notCheckable = [] } = cases.get(ruleId) ?? {};
  let verdicts: Map<RuleCase, Verdict>;

  beforeAll(async () => {
    const all = [...mustFire, ...mustStaySilent, ...notCheckable];
    verdicts = await judge(connections, book, rule, all);
  });

  const verdictOn = (each: RuleCase): Verdict => {
    const verdict = verdicts.get(each);
    expect(verdict?.broken).toBeUndefined();
    return verdict ?? { findings: [], gaps: 0 };
  };

  test.each(named(mustFire))('asks: %s', (_, each) => {
    const { findings } = verdictOn(each);
    expect(findings).toHaveLength(1);
    if (each.severity) expect(findings[0]?.severity).toBe(each.severity);
    const facts = findings[0]?.facts ?? [];
    const words = facts.map(({ valueZh, valueEn }) => `${valueZh} ${valueEn}`).join('\n');
    for (const place of new Set([rule.question.zh, rule.question.en].flatMap(placesIn))) {
      const fills = facts.find(({ name }) => name === place);
      for (const value of [fills?.valueZh, fills?.valueEn])
        expect(value ?? '—', `{${place}} of the question`).not.toMatch(/^\s*—?\s*$/);
    }
    if (each.says) expect(words).toContain(each.says);
    expect(findings[0]?.evidence.length).toBeGreaterThan(0);
  });

  test.each(named(mustStaySilent))('D11 stays silent: %s', (_, each) => {
    expect(verdictOn(each).findings).toEqual([]);
  });

  test.each(named(notCheckable))('says it cannot check: %s', (_, each) => {
    const { findings, gaps } = verdictOn(each);
    expect(gaps).toBe(1);
    expect(findings).toEqual([]);
  });
});
