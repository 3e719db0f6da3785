import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bigint, primaryKey, text } from 'drizzle-orm/pg-core';
import { afterAll, expect, test } from 'vitest';
import { fold } from '../../migrations/tool/fold.ts';
import { isEdited, newTag, statementsBetween } from '../../migrations/tool/generate.ts';
import {
  describeTables,
  nothing,
  readSnapshot,
  snapshotOf,
  writeSnapshot,
} from '../../migrations/tool/snapshot.ts';
import { hub, Partitioned } from '../../schema/table-parts.ts';
import { listMigrations, MIGRATIONS } from '../../src/platform/migration-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-snapshot-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = hub.table(
  'page',
  { batchId: bigint('batch_id', { mode: 'number' }), text: text('text') },
  (t) => [primaryKey({ columns: [t.batchId] })],
);

test('the migrations say all that the tables say', async () => {
  const now = await describeTables(fileURLToPath(new URL('../..', import.meta.url)));
  expect(Object.keys(now.tables).length).toBeGreaterThan(30);
  const missing = await statementsBetween(readSnapshot(join(MIGRATIONS, 'snapshot')), now);
  expect(missing, 'run: npm run migration -- --name <what_it_is>').toEqual([]);
});

test('a snapshot survives its files, and unchanged files are not written again', () => {
  const snapshot = readSnapshot(join(MIGRATIONS, 'snapshot'));
  writeSnapshot(folder, snapshot);
  const { id: _, ...read } = readSnapshot(folder);
  expect(snapshot).toMatchObject(read);
  const [file = ''] = readdirSync(join(folder, 'tables'));
  const written = () => statSync(join(folder, 'tables', file), { bigint: true }).mtimeNs;
  const before = written();
  writeSnapshot(folder, snapshot);
  expect(written()).toBe(before);
});

test('a table that goes takes its file along', () => {
  writeSnapshot(folder, snapshotOf({ page }));
  expect(readdirSync(join(folder, 'tables'))).toEqual(['hub.page.json']);
  writeSnapshot(folder, nothing());
  expect(readdirSync(join(folder, 'tables'))).toEqual([]);
});

test('a partitioned table is created so, and cannot be turned into one by generated SQL', async () => {
  const parts = new Partitioned(page, 'RANGE (batch_id)');
  const [create] = await statementsBetween(nothing(), snapshotOf({ page, parts }));
  expect(create).toMatch(/\) PARTITION BY RANGE \(batch_id\);$/);
  writeSnapshot(folder, snapshotOf({ page, parts }));
  expect(await statementsBetween(readSnapshot(folder), snapshotOf({ page, parts }))).toEqual([]);
  await expect(
    statementsBetween(snapshotOf({ page }), snapshotOf({ page, parts })),
  ).rejects.toThrow(/hub\.page exists/);
});

test('folding stops with the first release', async () => {
  const released = mkdtempSync(join(folder, 'released-'));
  writeFileSync(join(released, 'released.txt'), '20300101000000_first\n');
  await expect(fold(released, nothing())).rejects.toThrow(/20300101000000_first has been released/);
});

test('names sort by the time they were given, and are fit for a file', () => {
  expect(newTag('add_companies', new Date('2026-11-24T09:30:05.123Z'))).toBe(
    '20261124093005_add_companies',
  );
  expect(() => newTag('../x', new Date())).toThrow(/file name/);
});

test('a generated file knows when it has been edited', () => {
  const text = listMigrations().find(({ tag }) => tag === '0001_tables')?.text ?? '';
  expect(isEdited(text)).toBe(false);
  expect(isEdited(`${text}select 1;\n`)).toBe(true);
});
