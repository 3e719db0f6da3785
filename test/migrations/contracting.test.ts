/** Old processes live through a migration: files only add, and readers do not notice. */
import { expect, test } from 'vitest';
import { contractionsIn } from '../../migrations/tool/contracting.ts';
import { lastReleased, listMigrations } from '../../src/platform/migration-files.ts';

test.each([
  ['create table hub.gift (id int);\nalter table hub.person add column "a" text;', []],
  ['ALTER TABLE "hub"."x" ADD COLUMN "a" integer DEFAULT 0 NOT NULL;', []],
  ['ALTER TABLE "hub"."x" ADD COLUMN "a" integer NOT NULL;', ['adds a column without a default']],
  ['ALTER TABLE "hub"."x" DROP COLUMN "a";', ['drops what may be in use']],
  ['ALTER TABLE "hub"."x" RENAME COLUMN "a" TO "b";', ['renames what may be in use']],
  ['ALTER TABLE "hub"."x" ALTER COLUMN "a" SET DATA TYPE bigint;', ['changes a type']],
  [
    'ALTER TABLE "hub"."x" ALTER COLUMN "a" SET NOT NULL;',
    ['asks for a value the code before may not write'],
  ],
  ['-- contract: nothing reads it since release 3\nDROP TABLE "hub"."x";', []],
  ['-- DROP TABLE was considered\nselect 1;', []],
])('E6 what a migration takes away is seen: %s', (sql, expected) => {
  expect(contractionsIn(sql)).toEqual(expected);
});

test('E6 since the last release every migration only adds, or says that nothing uses what it takes away', () => {
  const released = lastReleased();
  const since = released === undefined ? [] : listMigrations().filter(({ tag }) => tag > released);
  expect(since.filter(({ text }) => contractionsIn(text).length > 0).map(({ tag }) => tag)).toEqual(
    [],
  );
});
