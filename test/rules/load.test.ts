/** Which rule folders the hub refuses to start with. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { FACT_TABLES } from '../../schema/fact-tables.ts';
import { loadBook, loadCases, loadRules } from '../../src/rules/index.ts';
import { ruleDigest } from '../../src/rules/kit/rule-digest.ts';
import { defaultsOf, factsAt, snapshotOf } from '../../src/rules/kit/snapshot.ts';
import { manyRules } from '../harness/many-rules.ts';

let folder: string;

const words = { zh: '测试', en: 'test' };
const WORDS = {
  version: 1,
  title: words,
  question: words,
  condition: words,
  legalBasis: [{ zh: '《规定》第四条', en: 'art. 4' }],
  falseIf: [words],
  innocent: [words],
  feeds: [],
};
const CASES = 'mustFire: [{ name: a }]\nmustStaySilent: [{ name: b }]\n';
const SQL = `export default { findings: () => 'select 1' };`;

/** A folder that loads, save for what is said otherwise; a file that is null is left out. */
const write = (
  path: string,
  more: Record<string, unknown> = {},
  files: Record<string, string | null> = {},
) => {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, '../family.yml'), stringify(words));
  const parts = {
    'rule.yml': stringify({ ...WORDS, ...more }),
    'rule.ts': SQL,
    'cases.yml': CASES,
  };
  for (const [name, text] of Object.entries({ ...parts, ...files }))
    if (text !== null) writeFileSync(join(folder, path, name), text);
};

const refusal = async () => {
  const error = await loadRules(folder).catch((caught) => caught);
  return `${error.code}: ${error.details?.rule}: ${error.details?.reason}`;
};
const INVALID = 'rule.manifest-invalid';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('D11 a rule without near misses does not load', async () => {
  write('audit/u90', {}, { 'cases.yml': 'mustFire: [{ name: a }]\nmustStaySilent: []\n' });
  expect(await refusal()).toMatch(/^rule.manifest-invalid: U90: cases.yml: mustStaySilent/);
  rmSync(join(folder, 'audit/u90/cases.yml'));
  expect(await refusal()).toBe(`${INVALID}: U90: cases.yml is missing`);
});

test('D7 two folders with one id do not load', async () => {
  write('audit/u90');
  write('tenure/u90');
  expect(await refusal()).toBe(`${INVALID}: U90: two folders define it`);
});

test('D7 a rule is what its folder says: its id, and its family', async () => {
  write('audit/u92');
  expect(await loadRules(folder)).toMatchObject([{ id: 'U92', family: 'audit' }]);
  write('audit/u92-old');
  expect(await refusal()).toContain('a folder is named like its rule');
});

test('a new family is a new folder, and a folder without family.yml is refused, not passed over', async () => {
  write('weather/y01');
  expect(await loadRules(folder)).toMatchObject([{ id: 'Y01', family: 'weather' }]);
  rmSync(join(folder, 'weather/family.yml'));
  expect(await refusal()).toBe(`${INVALID}: weather: family.yml is missing`);
});

test('an unknown or missing key of rule.yml does not load', async () => {
  write('audit/u90', { legalBases: [] });
  expect(await refusal()).toMatch(/U90: rule.yml: .*legalBases/);
  write('audit/u90', { innocent: undefined });
  expect(await refusal()).toMatch(/U90: rule.yml: innocent/);
  write('audit/u90', {}, { 'rule.yml': 'version: 1\ntitle: {' });
  expect(await refusal()).toMatch(/U90: rule.yml: /);
});

test('A legal basis names an article, or the passage it is taken from', async () => {
  const vague = { zh: '有关规定', en: 'some rules' };
  write('audit/u90', { legalBasis: [vague] });
  expect(await refusal()).toMatch(/U90: rule.yml: legalBasis.0 names neither an article/);
  write('audit/u90', { legalBasis: [{ ...vague, seed: '定期分析研判' }] });
  expect(await loadRules(folder)).toHaveLength(1);
});

test('a place of the condition that is no parameter does not load', async () => {
  write('audit/u90', { condition: { zh: '满{yeers}年', en: 'years' } });
  expect(await refusal()).toBe(
    `${INVALID}: U90: the condition names {yeers}, which is no parameter`,
  );
});

test('a place of the question that is no fact of the SQL does not load', async () => {
  write('audit/u90', { question: { zh: '共{totall}件？', en: '{totall} in all?' } });
  expect(await refusal()).toBe(
    `${INVALID}: U90: the question names {totall}, which is no fact of rule.ts`,
  );
});

test('a place of the question in one language only does not load', async () => {
  const facts = `jsonb_build_object('name', 'total', 'valueZh', '1')`;
  const sql = `export default { findings: () => \`select ${facts}\` };`;
  write('audit/u90', { question: { zh: '几件？', en: '{total} in all?' } }, { 'rule.ts': sql });
  expect(await refusal()).toBe(`${INVALID}: U90: the question names {total} in one language only`);
});

test('parameters of rule.yml and of the SQL are the same', async () => {
  const years = { default: 5, label: words, basis: '设计默认值' };
  write('audit/u90', { parameters: { years } });
  expect(await refusal()).toBe(
    `${INVALID}: U90: the parameter years is read by no SQL of the rule`,
  );
  rmSync(join(folder, 'audit'), { recursive: true });
  const reads = `export default { findings: (s) => \`select \${s.param('years')}\` };`;
  write('audit/u91', {}, { 'rule.ts': reads });
  expect(await refusal()).toBe(
    `${INVALID}: U91: rule.ts reads the parameter years, which rule.yml does not name`,
  );
});

test('every fact table of the schema is readable by rules, a table of anything else is not', async () => {
  const reads = (table: string) =>
    `export default { findings: (s) => \`select from \${s.everyone('${table}')}\` };`;
  for (const table of FACT_TABLES.keys()) expect(factsAt(table, 'current_date')).toContain(table);
  expect([...FACT_TABLES.keys()]).toEqual(expect.arrayContaining(['official', 'unit', 'company']));
  write('audit/u90', {}, { 'rule.ts': reads('warning') });
  expect(await refusal()).toBe(`${INVALID}: U90: rule.ts reads warning, which is no fact table`);
});

test('a book of 108 copies loads with its cases, under ids of their own', async () => {
  const { folder: copies, remove } = await manyRules(108);
  try {
    const book = await loadBook(copies);
    expect(new Set(book.map(({ rule }) => rule.id)).size).toBe(108);
    expect((await loadCases(copies)).size).toBe(108);
    expect(book.map(({ rule }) => rule.id)).toEqual(expect.arrayContaining(['A01', 'A101']));
  } finally {
    remove();
  }
});

test('D7 the digest follows what a rule asks, not the night it asks on', async () => {
  const rules = await loadRules();
  expect(rules.length).toBeGreaterThan(8);
  for (const rule of rules) {
    expect(ruleDigest(rule)).toBe(ruleDigest(rule));
    expect(ruleDigest({ ...rule, findings: (s) => `${rule.findings(s)} limit 1` })).not.toBe(
      ruleDigest(rule),
    );
    expect(ruleDigest({ ...rule, innocent: [] })).toBe(ruleDigest(rule));
  }
});

test('the book of the hub is read once', async () => {
  expect(await loadBook()).toBe(await loadBook());
});

test('D11 no rule speaks of concealing, and the vehicle rule never of declaring', async () => {
  for (const rule of await loadRules()) {
    const sql = rule.findings(snapshotOf('2026-06-30', defaultsOf(rule)));
    const said = JSON.stringify([rule.title, rule.question, rule.condition, sql]);
    expect(said, rule.id).not.toMatch(/瞒报|隐瞒|漏报|conceal/i);
    if (rule.family === 'vehicle')
      expect(said).not.toMatch(/未报告|未申报|漏报|not declared|undeclared/i);
  }
});

test('D11 everything that is wrong with a rule is said at once', async () => {
  write('audit/u90', {
    condition: { zh: '{yeers}', en: '{yeers}' },
    question: { zh: '{total}', en: '没有' },
    parameters: { days: { default: 1, label: words, basis: '设计默认值' } },
  });
  const said = (await refusal()).split(': U90: ')[1]?.split('; ') ?? [];
  expect(new Set(said)).toEqual(
    new Set([
      'the condition names {yeers}, which is no parameter',
      'the parameter days is read by no SQL of the rule',
      'the question names {total}, which is no fact of rule.ts',
      'the question names {total} in one language only',
    ]),
  );
});
