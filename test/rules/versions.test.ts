/** What may change under a version, whose version it is, and how a change is told. */
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { registerRules } from '../../src/pipeline/register-rules.ts';
import type { Sql } from '../../src/platform/database.ts';
import { postgres } from '../../src/platform/driver.ts';
import { bump } from '../../src/rules/bump.ts';
import { loadBook, loadRules } from '../../src/rules/index.ts';
import type { RuleDefinition } from '../../src/rules/kit/define-rule.ts';
import { KIT_FILE } from '../../src/rules/kit/kit-version.ts';
import { changedSinceRelease, writeReleased } from '../../src/rules/released.ts';
import { testDatabase } from '../harness/database.ts';
import { manyRules } from '../harness/many-rules.ts';

const database = testDatabase();
let worker: Sql;
let book: RuleDefinition[];

beforeAll(async () => {
  worker = (await database.get()).as('worker');
  book = await loadRules();
});
beforeEach(async () => {
  const owner = (await database.get()).as('owner');
  await owner`truncate hub.rule cascade`;
});

/** The rule edited in its own folder. */
const edited = (rule: RuleDefinition, more: Partial<RuleDefinition> = {}): RuleDefinition => ({
  ...rule,
  source: 'edited',
  findings: (s) => `${rule.findings(s)} /* edited */`,
  ...more,
});
/** The same rule over a kit that writes other SQL. */
const underKit = (rule: RuleDefinition, kitVersion: number): RuleDefinition => ({
  ...rule,
  kitVersion,
  findings: (s) => `${rule.findings(s)} /* kit */`,
});

const refusal = async (rules: readonly RuleDefinition[]) => {
  const error = await registerRules(worker, rules).catch((caught) => caught);
  return { code: error?.code, ...error?.details };
};

test('D7 changed rules are refused together, in one sentence that names the command', async () => {
  await registerRules(worker, book);
  const changed = book.map((rule) => (['A01', 'U02'].includes(rule.id) ? edited(rule) : rule));
  expect(await refusal(changed)).toEqual({
    code: 'rule.changed-without-version',
    changed: 'A01 (findings), U02 (findings)',
    ids: 'A01 U02',
  });
  await registerRules(
    worker,
    changed.map((rule) =>
      rule.source === 'edited' ? { ...rule, version: rule.version + 1 } : rule,
    ),
  );
});

test('a change of the kit asks for one version, not for one per rule', async () => {
  await registerRules(worker, book);
  const changed = book.map((rule) => underKit(rule, rule.kitVersion));
  expect(await refusal(changed)).toEqual({
    code: 'rule.changed-without-version',
    changed: `kit (${book.map(({ id }) => id).join(', ')})`,
    ids: 'kit',
  });
  await registerRules(
    worker,
    book.map((rule) => underKit(rule, rule.kitVersion + 1)),
  );
});

test('a rule that changed with the kit is named beside it', async () => {
  await registerRules(worker, book);
  const changed = book.map((rule) =>
    rule.id === 'A01' ? edited(rule) : underKit(rule, rule.kitVersion),
  );
  expect(await refusal(changed)).toMatchObject({ ids: 'A01 kit' });
});

test('explanations and comments change under the same version, a question does not', async () => {
  await registerRules(worker, book);
  const [first] = book;
  if (!first) throw new Error('no rule');
  await registerRules(worker, [{ ...first, source: 'edited', innocent: first.falseIf }]);
  const question = { zh: '？', en: '?' };
  expect(await refusal([{ ...first, source: 'again', question }])).toMatchObject({
    changed: `${first.id} (question)`,
  });
});

test('a version that went back is refused', async () => {
  const [first] = book;
  if (!first) throw new Error('no rule');
  await registerRules(worker, [{ ...first, version: first.version + 2 }]);
  expect(await refusal([first])).toMatchObject({ changed: `${first.id} (version)` });
});

test('what each cited version asked stays readable after the next one', async () => {
  const [first] = book;
  if (!first) throw new Error('no rule');
  await registerRules(worker, [first]);
  const question = { zh: '新问题？', en: 'A new question?' };
  await registerRules(worker, [{ ...first, source: 'x', version: first.version + 1, question }]);
  const rows = await worker<{ version: number; zh: string }[]>`
    select version, question->>'zh' as zh from hub.rule_version where rule_id = ${first.id} order by 1`;
  expect([...rows]).toEqual([
    { version: first.version, zh: first.question.zh },
    { version: first.version + 1, zh: question.zh },
  ]);
});

test('a default of the hub that changed is a new row, one that a person set stays', async () => {
  const rule = book.find(({ id }) => id === 'U02');
  if (!rule) throw new Error('no U02');
  await registerRules(worker, [rule]);
  const [years, joinDays] = [rule.parameters.years, rule.parameters.joinDays];
  if (!years || !joinDays) throw new Error('parameters of U02');
  await worker`update hub.rule_parameter set author = 'someone' where rule_id = 'U02' and name = 'joinDays'`;
  const parameters = { years: { ...years, default: 3 }, joinDays: { ...joinDays, default: 9 } };
  await registerRules(worker, [{ ...rule, source: 'x', version: rule.version + 1, parameters }], {
    validFrom: '2026-01-01',
  });
  const rows = await worker<{ name: string; from: string; value: number }[]>`
    select name, valid_from::text as from, value from hub.rule_parameter
    where rule_id = 'U02' and name in ('years', 'joinDays') order by 1, 2`;
  expect([...rows]).toEqual([
    { name: 'joinDays', from: '2000-01-01', value: joinDays.default },
    { name: 'years', from: '2000-01-01', value: years.default },
    { name: 'years', from: '2026-01-01', value: 3 },
  ]);
});

test('a hundred rules register in as many statements as one', async () => {
  const { url } = await database.get();
  const statements: string[] = [];
  const counted = postgres(url.reveal(), {
    max: 1,
    debug: (_, query) => statements.push(query),
    connection: { role: 'hub_worker' },
  }) as unknown as Sql;
  const { folder: copies, remove } = await manyRules(108);
  try {
    await registerRules(counted, await loadRules(copies));
    expect(statements.length).toBeLessThan(15);
    expect((await worker`select from hub.rule`).count).toBe(108);
  } finally {
    remove();
    await counted.end();
  }
});

test('a bump changes the version line of exactly the named rules, and a wrong id changes nothing', async () => {
  const { folder: copies, remove } = await manyRules(3);
  const kit = join(mkdtempSync(join(tmpdir(), 'hub-kit-')), 'kit.yml');
  copyFileSync(KIT_FILE, kit);
  try {
    const made = await loadBook(copies);
    const [a] = made;
    if (!a) throw new Error('three rules');
    const before = readFileSync(`${a.folder}/rule.yml`, 'utf8');
    expect(() => bump([a.rule.id, 'Z99'], made, kit)).toThrow(
      expect.objectContaining({ code: 'rule.unknown' }),
    );
    expect(readFileSync(`${a.folder}/rule.yml`, 'utf8')).toBe(before);
    expect(bump([a.rule.id, 'kit'], made, kit)).toEqual([
      { id: a.rule.id, from: a.rule.version, to: a.rule.version + 1 },
      { id: 'kit', from: a.rule.kitVersion, to: a.rule.kitVersion + 1 },
    ]);
    expect(readFileSync(`${a.folder}/rule.yml`, 'utf8')).toBe(
      before.replace(/^version: .*/m, `version: ${a.rule.version + 1}`),
    );
    expect((await loadBook(copies)).map(({ rule }) => rule.version)).toEqual(
      made.map(({ rule }) => rule.version + (rule.id === a.rule.id ? 1 : 0)),
    );
  } finally {
    remove();
    rmSync(join(kit, '..'), { recursive: true });
  }
});

test('a rule that changed since its release is seen without a database, until its version is raised', async () => {
  const { folder: copies, remove } = await manyRules(3);
  try {
    const released = await loadBook(copies);
    const [first] = released;
    if (!first) throw new Error('three rules');
    expect(changedSinceRelease(released)).toEqual([]);
    writeReleased(released);
    appendFileSync(`${first.folder}/rule.yml`, '# a comment\n');
    expect(changedSinceRelease(await loadBook(copies))).toEqual([]);
    const file = `${first.folder}/rule.yml`;
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^question:\n {2}zh: ./m, '$&请'));
    const changed = await loadBook(copies);
    expect(changedSinceRelease(changed)).toEqual([
      { id: first.rule.id, by: 'rule', parts: ['question'] },
    ]);
    bump([first.rule.id], changed);
    expect(changedSinceRelease(await loadBook(copies))).toEqual([]);
  } finally {
    remove();
  }
});

test('no rule of the book changed silently since its release', async () => {
  expect(changedSinceRelease(await loadBook())).toEqual([]);
});

afterAll(() => worker?.end());
