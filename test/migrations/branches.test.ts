/** Migrations by many hands: two branches that each add a table, merged by plain git. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/platform/migrate.ts';
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

async function branchWithTable(name: string): Promise<void> {
  await clone.git('checkout', '-q', '-b', name, 'main');
  mkdirSync(join(clone.folder, 'schema', name));
  writeFileSync(join(clone.folder, `schema/${name}/${name}.table.ts`), tableFile(name));
  await clone.npm('migration', '--name', `add_${name}`);
  await clone.git('add', '-A');
  await clone.git('commit', '-qm', `add ${name}`);
}

beforeAll(async () => {
  clone = await cloneProject();
  migrations = join(clone.folder, 'migrations');
  await branchWithTable('harbour');
  await branchWithTable('airfield');
  ofBranch = await emptyDatabase();
  await migrate(ofBranch.url, { folder: migrations });
  return async () => {
    await Promise.all(databases.map((database) => database.drop()));
    clone.remove();
  };
});

test('two branches that each add a table merge without a hand', async () => {
  await clone.git('checkout', '-q', 'main');
  await clone.git('merge', '-q', '--no-edit', 'harbour');
  await clone.git('merge', '-q', '--no-edit', 'airfield');
  expect(await clone.git('status', '--porcelain')).toBe('');
  const added = readdirSync(migrations).filter((name) => /^\d{14}_add_/.test(name));
  expect(added.map((name) => name.slice(15)).sort()).toEqual([
    'add_airfield.sql',
    'add_harbour.sql',
  ]);
});

test('after the merge there is nothing to generate, and nobody creates a table twice', async () => {
  await clone.npm('migration', '--check');
  await clone.npm('migration', '--name', 'nothing_new');
  expect(await clone.git('status', '--porcelain')).toBe('');
});

test('a database of one branch, upgraded after the merge, is like a fresh one', async () => {
  const before = await catalog(ofBranch);
  expect(before.some((line) => line.includes('harbour'))).toBe(false);
  const { applied } = await migrate(ofBranch.url, { folder: migrations });
  expect(applied.map((tag) => tag.slice(15))).toEqual(['add_harbour']);
  const fresh = await emptyDatabase();
  await migrate(fresh.url, { folder: migrations });
  const upgraded = await catalog(ofBranch);
  expect(upgraded).toEqual(await catalog(fresh));
  expect(upgraded.filter((line) => /harbour/.test(line)).length).toBeGreaterThan(8);
});

test('folding makes one file of them, and the same database', async () => {
  const own = '20991231235959_own_words';
  writeFileSync(
    join(migrations, `${own}.sql`),
    'create index own_words on hub.harbour (id, name);',
  );
  const unfolded = await emptyDatabase();
  await migrate(unfolded.url, { folder: migrations });
  await clone.npm('migration', '--fold');
  const left = readdirSync(migrations).filter((name) => name.endsWith('.sql'));
  expect(left.filter((name) => /^\d{14}/.test(name))).toEqual([`${own}.sql`]);
  await clone.npm('migration', '--check');
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
  writeFileSync(join(clone.folder, 'schema/harbour/quay.table.ts'), tableFile('quay'));
  const missing = await refusal(clone.npm('migration', '--check'));
  expect(missing).toContain('tables/hub.quay.json');
  expect(missing).toContain('npm run migration -- --name');
  await clone.npm('migration', '--name', 'add_quay');
  const [file = ''] = readdirSync(migrations).filter((name) => name.endsWith('_add_quay.sql'));
  const text = readFileSync(join(migrations, file), 'utf8');
  writeFileSync(join(migrations, file), `${text}insert into hub.quay values (1, 'first');\n`);
  expect(await refusal(clone.npm('migration', '--fold'))).toContain(file);
  expect(readFileSync(join(migrations, file), 'utf8')).toContain('first');
});

test('a column that may have been renamed is asked about, never guessed', async () => {
  const renamed = tableFile('harbour').replace("text('name')", "text('title')");
  writeFileSync(join(clone.folder, 'schema/harbour/harbour.table.ts'), renamed);
  const said = await refusal(clone.npm('migration', '--name', 'rename'));
  expect(said).toContain('run this in a terminal');
  expect(readdirSync(migrations).filter((name) => name.endsWith('_rename.sql'))).toEqual([]);
});
