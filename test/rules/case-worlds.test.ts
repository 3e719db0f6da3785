/** What the cases of a rule are told when they are wrong, and that only they are. */
import { beforeAll, expect, test } from 'vitest';
import { loadRules } from '../../src/rules/index.ts';
import type { RuleCase } from '../../src/rules/kit/cases.ts';
import type { RuleDefinition } from '../../src/rules/kit/define-rule.ts';
import { testDatabase } from '../harness/database.ts';
import { type Connections, judge } from './case-worlds.ts';
import { aboutEveryone, testRule } from './night-world.ts';

const database = testDatabase();
const book = await loadRules();
let connections: Connections;
beforeAll(async () => {
  const { as } = await database.get();
  connections = { owner: as('owner', 1), worker: as('worker') };
});

const ruleOf = (id: string): RuleDefinition => {
  const rule = book.find((each) => each.id === id);
  if (!rule) throw new Error(`no rule ${id}`);
  return rule;
};
const told = (name: string, facts: RuleCase['facts'], more: Partial<RuleCase> = {}): RuleCase => ({
  ...{ name, subject: 'person', without: [], others: [], facts },
  ...more,
});
const home = told('a home', [{ property: { registeredOn: '2018-03-01' } }]);

/** Verdicts on the given cases, and on a good one told together with them. */
async function judged(rule: RuleDefinition, cases: readonly RuleCase[]) {
  const verdicts = await judge(connections, book, rule, [...cases, home]);
  expect(verdicts.get(home)?.broken).toBeUndefined();
  expect(verdicts.get(home)?.findings).toHaveLength(1);
  return cases.map((each) => verdicts.get(each)?.broken);
}

test('a column, a table or a person nobody knows fails the case with what there is', async () => {
  const broken = await judged(ruleOf('A01'), [
    told('misspelt column', [{ declared_property: { addres: '临江县学院路1号' } }]),
    told('misspelt amount', [{ property: { prizeWan: 30 } }]),
    told('misspelt table', [{ propperty: {} }]),
    told('misspelt default', [], { without: ['declarations'] }),
    told('misspelt person', [{ property: { of: 'spuose' } }]),
    told('not a number of times', [{ property: { times: 0 } }]),
  ]);
  expect(broken[0]).toMatch(
    /A01.*"misspelt column": declared_property has no column addres; it has: .*address/,
  );
  expect(broken[1]).toMatch(
    /"misspelt amount": property has no column prizeWan; it has: .*priceFen/,
  );
  expect(broken[2]).toMatch(/"misspelt table": there is no fact propperty; there are: .*property/);
  expect(broken[3]).toMatch(/"misspelt default": there is no fact declarations/);
  expect(broken[4]).toMatch(/"misspelt person": property is of spuose.*known: child, self, spouse/);
  expect(broken[5]).toMatch(/times/);
});

test('a case whose values the table refuses fails alone, in the words of PostgreSQL', async () => {
  const [broken] = await judged(ruleOf('A01'), [
    told('no such day', [{ property: { registeredOn: '2018-02-30' } }]),
  ]);
  expect(broken).toMatch(/date\/time field value out of range: "2018-02-30" \(22008/);
});

test('a case that breaks the SQL of its rule fails alone', async () => {
  const rule = testRule('T90', aboutEveryone(`(1 / (o.level::int - 150))::text`));
  const [broken] = await judged(rule, [told('level 150', [{ official: { level: '150' } }])]);
  expect(broken).toMatch(/division by zero \(22012/);
});

test('SQL that does not parse is shown with its position and the text around it', async () => {
  const rule = testRule('T90', aboutEveryone(`o.levle`));
  const verdicts = await judge(connections, book, rule, [home]);
  expect(verdicts.get(home)?.broken).toMatch(
    /column o\.levle does not exist \(42703, position \d+\)[\s\S]*⟶o\.levle/,
  );
});

test('cases of one rule are not held for being many, and are judged by that rule alone', async () => {
  const rule = ruleOf('A01');
  const many = Array.from({ length: 99 }, (_, n) => ({ ...home, name: `home ${n}` }));
  const verdicts = await judge(connections, book, rule, many);
  const silent = many.filter((each) => verdicts.get(each)?.findings.length !== 1);
  expect(silent).toEqual([]);
  const [row] =
    await connections.worker`select count(distinct rule_id)::int as rules from hub.finding`;
  expect(row).toEqual({ rules: 1 });
});
