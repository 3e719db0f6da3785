/**
 * The fact tables as the pipeline needs them, read from the table definitions themselves: a new
 * concept under schema/ is linked without an edit here.
 */
import { readdirSync } from 'node:fs';
import { getTableColumns, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { fact } from '../../schema/table-parts.ts';

export type FactColumn = {
  /** Property in a record's body. */
  field: string;
  /** Column in SQL. */
  name: string;
  type: string;
  isRequired: boolean;
};

export type FactTable = {
  /** SQL name, which is also the records' `kind`. */
  kind: string;
  columns: readonly FactColumn[];
  /** False for units: about no person. */
  isAboutPerson: boolean;
};

/** Derived from other facts, so no record has this kind. */
const DERIVED = new Set(['trip']);
const BASE_FIELDS = new Set(Object.keys(fact));

function describe(table: PgTable): FactTable | undefined {
  const columns = getTableColumns(table);
  if (!('knownFrom' in columns && 'ordinal' in columns && 'digest' in columns)) return undefined;
  const kind = getTableConfig(table).name;
  if (DERIVED.has(kind)) return undefined;
  return {
    kind,
    isAboutPerson: 'personId' in columns,
    columns: Object.entries(columns)
      .filter(([field]) => !BASE_FIELDS.has(field))
      .map(([field, column]) => ({
        field,
        name: column.name,
        type: column.getSQLType(),
        isRequired: column.notNull && !column.hasDefault,
      })),
  };
}

async function list(): Promise<ReadonlyMap<string, FactTable>> {
  const root = new URL('../../schema/', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.table.ts'))
    .sort();
  const tables = new Map<string, FactTable>();
  for (const file of files) {
    const exported: Record<string, unknown> = await import(
      new URL(file.replaceAll('\\', '/'), root).href
    );
    for (const value of Object.values(exported)) {
      const table = is(value, PgTable) ? describe(value) : undefined;
      if (table) tables.set(table.kind, table);
    }
  }
  return tables;
}

let listed: Promise<ReadonlyMap<string, FactTable>> | undefined;

/** Every fact table that records become, by kind. */
export function factTables(): Promise<ReadonlyMap<string, FactTable>> {
  listed ??= list();
  return listed;
}
