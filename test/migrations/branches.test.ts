/** Many hands: two branches that each add a feed, a table and a rule, merged by plain git. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { isGenerated } from '../../migrations/tool/generate.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { listMigrations } from '../../src/platform/migration-files.ts';
import { catalogOf } from '../harness/catalog.ts';
import { type Clone, cloneProject } from '../harness/clone.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';

const tableFile = (name: string) => `
import { bigint, index, text } from 'drizzle-orm/pg-core';
import { hub, signedInRows } from '../table-parts.ts';

export const ${name} = hub.table(
  '${name}',
  { id: bigint('id', { mode: 'number' }).primaryKey(), name: text('name').notNull() },
  (t) => [index('${name}_name').on(t.name), ...signedInRows('${name}')],
);
`;

let clone: Clone;
let migrations: string;
/** As each branch would have it in its developer's database, before the merge. */
let ofBranch: TestDatabase;
const databases: TestDatabase[] = [];

async function emptyDatabase(): Promise<TestDatabase> {
  const made = await createTestDatabase();
  databases.push(made);
  const owner = made.as('owner', 1);
  await owner`drop schema hub cascade`;
  await owner`drop schema staging cascade`;
  await owner`drop schema migrations cascade`;
  return made;
}

const catalog = (database: TestDatabase) => catalogOf(database.as('owner', 1));

/** `npm run migration -- …` */
const migration = (...args: string[]) => clone.node('migrations/tool/run.ts', ...args);

/** A branch as a newcomer leaves it: new folders, and what the generators wrote. */
async function branchWith(name: string): Promise<void> {
  await clone.git('checkout', '-q', '-b', name, 'main');
  clone.lay(fileURLToPath(new URL(`../newcomer/${name}`, import.meta.url)));
  await migration('--name', `add_${name.replaceAll('-', '_')}`);
  await clone.node('src/main.ts', 'print-schema');
  await clone.git('add', '-A');
  await clone.git('commit', '-qm', `add ${name}`);
}

const inClone = (code: string) =>
  execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: clone.folder,
    encoding: 'utf8',
  });

beforeAll(async () => {
  clone = await cloneProject();
  migrations = join(clone.folder, 'migrations');
  await branchWith('bank-deposits');
  await branchWith('penalties');
  ofBranch = await emptyDatabase();
  await migrate(ofBranch.url, { folder: migrations });
  return async () => {
    await Promise.all(databases.map((database) => database.drop()));
    clone.remove();
  };
});

test('two branches that each add a table and a rule merge without a hand', async () => {
  await clone.git('checkout', '-q', 'main');
  await clone.git('merge', '-q', '--no-edit', 'bank-deposits');
  await clone.git('merge', '-q', '--no-edit', 'penalties');
  expect(await clone.git('status', '--porcelain')).toBe('');
  const added = readdirSync(migrations).filter((name) => /^\d{14}_add_/.test(name));
  expect(added.map((name) => name.slice(15)).sort()).toEqual([
    'add_bank_deposits.sql',
    'add_penalties.sql',
  ]);
});

test('after the merge there is nothing to generate, and nobody creates a table twice', async () => {
  await migration('--check');
  await migration('--name', 'nothing_new');
  await clone.node('src/main.ts', 'print-schema');
  expect(await clone.git('status', '--porcelain')).toBe('');
});

test('the merged tree has both rules, both feeds and both fields', () => {
  const said = inClone(`
    import { loadRules } from './src/rules/index.ts';
    import { loadConnectors } from './connectors/kit/index.ts';
    const rules = (await loadRules()).map(({ id }) => id);
    console.log([...rules, ...(await loadConnectors()).keys()].join(' '));`);
  expect(said.trim().split(' ')).toEqual(
    expect.arrayContaining(['W90', 'M90', 'bank-deposits', 'penalty']),
  );
  const printed = readFileSync(join(clone.folder, 'schema/schema.graphql'), 'utf8');
  expect(printed).toMatch(/^ {2}bankDeposits\(/m);
  expect(printed).toMatch(/^ {2}penalties\(/m);
});

test('a database of one branch, upgraded after the merge, is like a fresh one', async () => {
  const before = await catalog(ofBranch);
  expect(before.some((line) => line.includes('bank_deposit'))).toBe(false);
  const { applied } = await migrate(ofBranch.url, { folder: migrations });
  expect(applied.map((tag) => tag.slice(15))).toEqual(['add_bank_deposits']);
  const fresh = await emptyDatabase();
  await migrate(fresh.url, { folder: migrations });
  const upgraded = await catalog(ofBranch);
  expect(upgraded).toEqual(await catalog(fresh));
  expect(upgraded.filter((line) => /bank_deposit/.test(line)).length).toBeGreaterThan(8);
});

test('folding makes one file of them, and the same database', async () => {
  const own = '20991231235959_own_words';
  writeFileSync(
    join(migrations, `${own}.sql`),
    'create index own_words on hub.bank_deposit (bank, kind);',
  );
  const byHand = listMigrations(migrations).filter(({ text }) => !isGenerated(text));
  const unfolded = await emptyDatabase();
  await migrate(unfolded.url, { folder: migrations });
  await migration('--fold');
  const left = listMigrations(migrations).map(({ tag }) => tag);
  expect(left).toEqual([...byHand.map(({ tag }) => tag), '0001_tables'].sort());
  expect(left).toContain(own);
  await migration('--check');
  const folded = await emptyDatabase();
  await migrate(folded.url, { folder: migrations });
  const lines = await catalog(folded);
  expect(lines).toEqual(await catalog(unfolded));
  expect(lines.some((line) => line.includes('own_words'))).toBe(true);
});

const refusal = (said: Promise<string>) =>
  said.then(
    () => 'it was accepted',
    (error: { stderr: string }) => error.stderr,
  );

test('what a hand wrote into a generated file is not folded away', async () => {
  writeFileSync(join(clone.folder, 'schema/bank-deposit/quay.table.ts'), tableFile('quay'));
  const missing = await refusal(migration('--check'));
  expect(missing).toContain('tables/hub.quay.json');
  expect(missing).toContain('npm run migration -- --name');
  await migration('--name', 'add_quay');
  const [file = ''] = readdirSync(migrations).filter((name) => name.endsWith('_add_quay.sql'));
  const text = readFileSync(join(migrations, file), 'utf8');
  writeFileSync(join(migrations, file), `${text}insert into hub.quay values (1, 'first');\n`);
  expect(await refusal(migration('--fold'))).toContain(file);
  expect(readFileSync(join(migrations, file), 'utf8')).toContain('first');
});

test('a column that may have been renamed is asked about, never guessed', async () => {
  const renamed = tableFile('quay').replace("text('name')", "text('title')");
  writeFileSync(join(clone.folder, 'schema/bank-deposit/quay.table.ts'), renamed);
  const said = await refusal(migration('--name', 'rename'));
  expect(said).toContain('run this in a terminal');
  expect(readdirSync(migrations).filter((name) => name.endsWith('_rename.sql'))).toEqual([]);
});

test('a release names the newest migration, and from then on nothing is folded', async () => {
  await clone.git('checkout', '-q', '--', '.');
  await migration('--release');
  const released = readFileSync(join(migrations, 'released.txt'), 'utf8').trim();
  expect(released).toBe(listMigrations(migrations).at(-1)?.tag);
  expect(await refusal(migration('--fold'))).toContain(`${released} has been released`);
});
