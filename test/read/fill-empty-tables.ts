/**
 * One made-up row in every table the county leaves empty, so that a concept added tomorrow is read by
 * the field test without anybody seeding it. Columns of one name get one value and thereby join.
 */
import { readdirSync } from 'node:fs';
import { getTableColumns, is } from 'drizzle-orm';
import { type AnyPgColumn, getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import type { Sql } from '../../src/platform/database.ts';
import { personOf } from './seed-county.ts';

/** Columns whose value another row decides. */
const knownOf = (official: string): Readonly<Record<string, string>> => ({
  person_id: `'${official}'`,
  relative_id: `(select relative_id from hub.kinship where person_id = '${official}' limit 1)`,
  unit_code: `'U1'`,
  actor_id: `(select min(actor_id) from hub.actor)`,
  feed_id: `'real-estate'`,
  rule_id: `'A01'`,
  night_id: `(select night_id from hub.night limit 1)`,
  warning_id: `(select warning_id from hub.warning where person_id = '${official}' limit 1)`,
  managed_by: `'{1,2}'`,
  batch_id: '1',
  ordinal: '4',
  header: `'{"x": ["x"]}'`,
});

function madeUp(column: AnyPgColumn, known: Readonly<Record<string, string>>): string {
  const type = column.getSQLType();
  const { name } = column;
  if (name in known) return known[name] ?? 'null';
  if (type.endsWith('[]')) return `'{}'`;
  if (type === 'uuid') return `md5('${name}')::uuid`;
  if (type === 'date') return `date '2026-01-31'`;
  if (type.startsWith('timestamp')) return `timestamptz '2026-01-31T10:00:00+08'`;
  if (type.startsWith('json')) return `'[]'`;
  if (type === 'boolean') return 'true';
  if (type === 'bytea') return `'\\x00'`;
  return /^(smallint|integer|bigint|numeric|real|double)/.test(type) ? '1' : `'x'`;
}

async function tables(): Promise<PgTable[]> {
  const root = new URL('../../schema/', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.table.ts'))
    .sort();
  const modules: Record<string, unknown>[] = await Promise.all(
    files.map((name) => import(new URL(name.replaceAll('\\', '/'), root).href)),
  );
  return modules
    .flatMap((exported) => Object.values(exported))
    .filter((value): value is PgTable => is(value, PgTable));
}

/** The rows are about this official. */
export async function fillEmptyTables(sql: Sql, official = personOf(4)): Promise<void> {
  const known = knownOf(official);
  for (const table of await tables()) {
    const { schema, name } = getTableConfig(table);
    const columns = Object.values(getTableColumns(table)).filter(
      (column) => !column.hasDefault && !column.generatedIdentity,
    );
    const names = columns.map((column) => `"${column.name}"`).join(', ');
    const values = columns.map((column) => madeUp(column, known)).join(', ');
    await sql.unsafe(`insert into ${schema}.${name} (${names}) select ${values}
      where not exists (select from ${schema}.${name})`);
  }
}
