/** Tables about persons are ready to be spread by person: their keys begin with the person. */
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { expect, test } from 'vitest';
import * as tables from '../../schema/warning/warning.table.ts';
import { testDatabase } from '../harness/database.ts';
import { nightWorld } from '../rules/night-world.ts';

const database = testDatabase();

test('findings, gaps, warnings, their evidence and events are keyed by the person first', () => {
  const keys = Object.values(tables)
    .filter((table) => is(table, PgTable))
    .map((table) => getTableConfig(table))
    .filter(({ columns }) => columns.some(({ name }) => name === 'person_id'))
    .map(({ name, primaryKeys }) => [name, primaryKeys[0]?.columns[0]?.name]);
  expect(keys).toEqual(
    ['finding', 'rule_gap', 'warning', 'warning_evidence', 'warning_event'].map((name) => [
      name,
      'person_id',
    ]),
  );
});

test('evidence lies with the person of the warning and says apart whom it is about', async () => {
  const world = await nightWorld((await database.get()).as('worker'));
  const { personId } = await world.person('spouse', [
    { property: { of: 'spouse', registeredOn: '2018-03-01' } },
  ]);
  await world.night('2026-01-31');
  const rows = await world.sql`
    select e.person_id = ${personId} as is_hers, e.subject_kind, e.subject_id = ${personId} as is_about_her
    from hub.warning_evidence e join hub.warning w using (person_id, warning_id)
    where w.rule_id = 'A01' order by e.position`;
  expect([...rows]).toEqual([
    { is_hers: true, subject_kind: 'person', is_about_her: false },
    { is_hers: true, subject_kind: 'person', is_about_her: true },
  ]);
});
