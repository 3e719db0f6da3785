/**
 * The fact tables, read from the table definitions themselves: a new concept under schema/ is linked
 * and read by rules without an edit here, whatever it is about.
 */
import { readdirSync } from 'node:fs';
import { getTableColumns, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { type FactColumn, type FactTable, PERSON } from './fact-table.ts';
import { managedOrKin, registerFact } from './table-parts.ts';

export { type FactColumn, type FactTable, PERSON };

/** Derived from other facts, so no record has this kind. */
const DERIVED = new Set(['trip']);
const FRAME_FIELDS = new Set(Object.keys(registerFact));

/** Columns and policy say it together; one without the other would open or lose what it should not. */
function isRegister(table: PgTable): boolean {
  const { name, policies } = getTableConfig(table);
  const hasSight = 'kinManagedBy' in getTableColumns(table);
  if (hasSight !== policies.some(({ using }) => using === managedOrKin)) {
    throw new TypeError(`${name}: registerFact and registerRows go together`);
  }
  return hasSight;
}

/** The first column of the key says what the facts are about: `company_id` → company. */
function subjectOf(table: PgTable): Pick<FactTable, 'subject' | 'subjectColumn'> {
  const { name, primaryKeys } = getTableConfig(table);
  const subjectColumn = primaryKeys[0]?.columns[0]?.name ?? '';
  const subject = /^(.+)_id$/.exec(subjectColumn)?.[1];
  if (!subject)
    throw new TypeError(`the key of fact table ${name} does not begin with its subject`);
  return { subject, subjectColumn };
}

function describe(table: PgTable): FactTable | undefined {
  const columns = getTableColumns(table);
  if (!('knownFrom' in columns && 'ordinal' in columns && 'digest' in columns)) return undefined;
  const kind = getTableConfig(table).name;
  const isOfRegister = isRegister(table);
  if (DERIVED.has(kind)) return undefined;
  const about = subjectOf(table);
  return {
    kind,
    ...about,
    isRegister: isOfRegister,
    columns: Object.entries(columns)
      .filter(([field, { name }]) => !FRAME_FIELDS.has(field) && name !== about.subjectColumn)
      .map(([field, column]) => ({
        field,
        name: column.name,
        type: column.getSQLType(),
        isRequired: column.notNull && !column.hasDefault,
      })),
  };
}

async function list(): Promise<ReadonlyMap<string, FactTable>> {
  const root = new URL('.', import.meta.url);
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

/** Every fact table that records become, by kind. */
export const FACT_TABLES: ReadonlyMap<string, FactTable> = await list();

/** A person table whose rows name another subject: its persons are tied to that subject. */
export type Edge = { kind: string; subject: string; column: string };

/** Every edge from a person to a subject that is none, as the column names say it. */
export function edgesOf(tables: Iterable<FactTable>): Edge[] {
  const all = [...tables];
  const others = new Map(
    all
      .filter(({ subject }) => subject !== PERSON)
      .map(({ subject, subjectColumn }) => [subjectColumn, subject]),
  );
  return all
    .filter(({ subject }) => subject === PERSON)
    .flatMap(({ kind, columns }) =>
      columns.flatMap(({ name }) => {
        const subject = others.get(name);
        return subject ? [{ kind, subject, column: name }] : [];
      }),
    );
}
