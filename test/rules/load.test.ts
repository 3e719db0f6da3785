/** Which rule folders the hub refuses to start with. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadRules } from '../../src/rules/index.ts';
import { ruleDigest } from '../../src/rules/kit/rule-digest.ts';
import { defaultsOf, snapshotOf } from '../../src/rules/kit/snapshot.ts';

const BOOK = fileURLToPath(new URL('../../src/rules', import.meta.url));
let folder: string;

/** The rule file of a copied folder says only what loading looks at. */
const write = (family: string, directory: string, id: string, cases: string) => {
  const path = join(folder, family, directory);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'rule.ts'), `export default { id: '${id}', family: '${family}' };`);
  writeFileSync(join(path, 'cases.yml'), cases);
};
const CASES = 'mustFire: [{ name: a }]\nmustStaySilent: [{ name: b }]\n';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('D11 a rule without near misses does not load', async () => {
  write('audit', 'u90', 'U90', 'mustFire: [{ name: a }]\nmustStaySilent: []\n');
  await expect(loadRules(folder)).rejects.toMatchObject({
    code: 'rule.manifest-invalid',
    details: { rule: 'U90' },
  });
  cpSync(join(folder, 'audit/u90/rule.ts'), join(folder, 'rule.ts'));
  rmSync(join(folder, 'audit/u90/cases.yml'));
  await expect(loadRules(folder)).rejects.toMatchObject({
    details: { reason: 'cases.yml is missing' },
  });
});

test('D7 two folders with one id do not load', async () => {
  write('audit', 'u90', 'U90', CASES);
  write('tenure', 'u90', 'U90', CASES);
  await expect(loadRules(folder)).rejects.toMatchObject({
    details: { reason: 'two folders define it' },
  });
});

test('D7 a rule in a folder of another name or family does not load', async () => {
  write('audit', 'u92', 'U91', CASES);
  await expect(loadRules(folder)).rejects.toMatchObject({
    details: { reason: 'its folder is named u92' },
  });
  rmSync(join(folder, 'audit'), { recursive: true });
  write('audit', 'u93', 'U93', CASES);
  writeFileSync(
    join(folder, 'audit/u93/rule.ts'),
    `export default { id: 'U93', family: 'wealth' };`,
  );
  await expect(loadRules(folder)).rejects.toMatchObject({
    details: { reason: 'its folder lies under audit' },
  });
});

test('D7 the digest follows what a rule asks, not the night it asks on', async () => {
  const rules = await loadRules(BOOK);
  expect(rules.map(({ id }) => id)).toEqual([
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
  for (const rule of rules) {
    expect(ruleDigest(rule)).toBe(ruleDigest(rule));
    expect(ruleDigest({ ...rule, findings: (s) => `${rule.findings(s)} limit 1` })).not.toBe(
      ruleDigest(rule),
    );
    expect(ruleDigest({ ...rule, innocent: [] })).toBe(ruleDigest(rule));
  }
});

test('D11 no rule speaks of concealing, and the vehicle rule never of declaring', async () => {
  for (const rule of await loadRules(BOOK)) {
    const sql = rule.findings(snapshotOf('2026-06-30', defaultsOf(rule)));
    const words = JSON.stringify([rule.title, rule.question, rule.condition, sql]);
    expect(words, rule.id).not.toMatch(/瞒报|隐瞒|漏报|conceal/i);
    if (rule.family === 'vehicle')
      expect(words).not.toMatch(/未报告|未申报|漏报|not declared|undeclared/i);
  }
});
