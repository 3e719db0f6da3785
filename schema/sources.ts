/** Where rows come from: a table, the columns of its id, and what holds for every row shown. */
import { getTableColumns } from 'drizzle-orm';
import { type AnyPgColumn, getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { KeyType, Source } from '../src/read/index.ts';

function keyType(column: AnyPgColumn): KeyType {
  const type = column.getSQLType();
  if (type === 'uuid') return 'uuid';
  return /^(smallint|integer|bigint)$/.test(type) ? 'bigint' : 'text';
}

const nameOf = (table: PgTable): string => {
  const { schema, name } = getTableConfig(table);
  return `${schema}.${name}`;
};

const person = (t: string) => `${t}.person_id`;

/** A table whose rows are named by these columns. */
export function sourceOf(
  table: PgTable,
  keys: readonly AnyPgColumn[],
  where: Source['where'] = () => [],
): Source {
  return {
    table: nameOf(table),
    keys: keys.map((column) => ({ column: column.name, type: keyType(column) })),
    isManaged: 'managedBy' in getTableColumns(table),
    isRegister: 'kinManagedBy' in getTableColumns(table),
    ...('personId' in getTableColumns(table) ? { person } : {}),
    where,
  };
}

/** A fact table: only what is known now, named by person and fact. */
export const facts = (table: PgTable): Source => ({
  table: nameOf(table),
  keys: [
    { column: 'person_id', type: 'uuid' },
    { column: 'id', type: 'uuid' },
  ],
  isManaged: true,
  isRegister: 'kinManagedBy' in getTableColumns(table),
  person,
  where: (t) => [`${t}.known_to = 'infinity'`],
});

/** The same for facts about no person, named by their subject. */
export const factsAbout = (table: PgTable, subject: AnyPgColumn): Source => ({
  table: nameOf(table),
  keys: [
    { column: subject.name, type: 'uuid' },
    { column: 'id', type: 'uuid' },
  ],
  isManaged: false,
  isRegister: false,
  where: (t) => [`${t}.known_to = 'infinity'`],
});
