/**
 * Fields answered by SQL, one line each. The column decides type and nullability; dates that mean
 * “still so” and amounts in 分 are put into words the reader expects. Every helper demands a grant.
 */
import type { EnumRef, InputFieldMap, ObjectRef } from '@pothos/core';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Grant } from '../src/access/grants.ts';
import {
  byResponseKey,
  type FieldPlan,
  MOST_PER_PAGE,
  type Order,
  orderedBy,
  type Source,
  type Writer,
} from '../src/read/index.ts';
import type { builder, Row } from './builder.ts';
import { connectionOf, FIRST, pageArgs } from './paging.ts';

export type Types = typeof builder.$inferSchemaTypes;
export type Fields = PothosSchemaTypes.ObjectFieldBuilder<Types, Row>;
export type ListEnum = EnumRef<Types, string, string>;
export type RowRef = ObjectRef<Types, Row>;
export type FilterRef = PothosSchemaTypes.InputObjectRef<Types, Row>;

export type Said = { grant: Grant; zh: string; en: string };
type ScalarName = 'String' | 'Int' | 'Float' | 'Boolean' | 'Date' | 'DateTime' | 'Yuan' | 'ID';
export type ValueType = ScalarName | ListEnum;

const SCALARS: Readonly<Record<string, ScalarName>> = {
  date: 'Date',
  boolean: 'Boolean',
  integer: 'Int',
  smallint: 'Int',
  uuid: 'ID',
};

function scalarOf(column: AnyPgColumn): ScalarName {
  const type = column.getSQLType();
  if (column.name.endsWith('_fen')) return 'Yuan';
  if (type.startsWith('timestamp')) return 'DateTime';
  if (type.startsWith('numeric')) return 'Float';
  return SCALARS[type] ?? 'String';
}

/** SQL of a stored value as the API writes it. */
export function written(sql: string, type: ValueType): string {
  if (type === 'Date') return `nullif(${sql}, 'infinity')`;
  // bigint × 0.01 is exact: two decimals, no float.
  if (type === 'Yuan') return `(${sql} * 0.01)::text`;
  if (typeof type === 'object') return `upper(translate(${sql}, '-', '_'))`;
  return sql;
}

/** A column of the type's table. */
export const column = (
  t: Fields,
  of: AnyPgColumn,
  { type = scalarOf(of), ...said }: Said & { type?: ValueType },
) =>
  t.field({
    ...said,
    type,
    nullable: !of.notNull,
    resolve: byResponseKey,
    plan: { kind: 'value', sql: (row) => stored(`${row}.${of.name}`, type, of) },
  });

/** Only a date that begins as 'infinity' can hold it; asking every other date costs a profile 5 %. */
const stored = (sql: string, type: ValueType, of: AnyPgColumn) =>
  type === 'Date' && !of.hasDefault ? sql : written(sql, type);

type Expression = Said & {
  type: ValueType;
  nullable?: boolean;
  args?: InputFieldMap;
  sql(row: string, w: Writer): string;
};

/** A value computed from the row. */
export const expression = (t: Fields, { sql, nullable = false, args = {}, ...rest }: Expression) =>
  t.field({
    ...rest,
    nullable,
    args,
    resolve: byResponseKey,
    plan: { kind: 'value', sql: (row, w) => written(sql(row, w), rest.type) },
  });

/** A text[] column, or a list of texts computed from the row. */
export const texts = (
  t: Fields,
  of: AnyPgColumn | ((row: string, w: Writer) => string),
  said: Said,
) =>
  t.field({
    ...said,
    type: ['String'],
    resolve: byResponseKey,
    plan: {
      kind: 'value',
      sql: (row, w) => (typeof of === 'function' ? of(row, w) : `to_json(${row}.${of.name})`),
    },
  });

/** How rows of a source belong to a parent row. */
export type Join = {
  source: Source;
  on(parent: string, t: string, w: Writer): string;
  /**
   * Rows of the very person in the parent row. An official has passed the first wall and the facts
   * are managed by the same authorities, so only the row policies look at each of them again:
   * comparing arrays twice per row would cost a tenth of a list's time. Of a relative each is looked at.
   */
  isOfParent?: boolean;
  /** What the rows are sorted by; the columns of the id follow. */
  orderBy?: readonly Order[];
};

export const visibleRows = (
  join: Join,
  parent: string,
  t: string,
  w: Writer,
): readonly string[] => [join.on(parent, t, w), ...join.source.where(t), ...wallOf(join, t, w)];

function wallOf({ source, isOfParent }: Join, t: string, w: Writer): string[] {
  if (!source.isManaged || (isOfParent && !w.isFamily)) return [];
  // It would never show anything, which reads as if there were nothing.
  if (w.isFamily && isOfParent && !source.isRegister) {
    throw new TypeError(`${source.table} is closed to kinship and shows nothing of a relative`);
  }
  return [source.isRegister ? w.registered(t) : w.managed(t)];
}

/** Joins the facts of a person to that person. */
export const ofPerson = {
  on: (parent: string, t: string): string => `${t}.person_id = ${parent}.person_id`,
  isOfParent: true,
} as const;

/** Sort keys over columns; rows without a value come last either way. */
export const ascending = (name: string): Order => ({ sql: (t) => `${t}.${name}` });
export const descending = (name: string): Order => ({ ...ascending(name), isDescending: true });
/** The same for a column that may be null. */
export const orNull = (order: Order): Order => ({ ...order, isNullable: true });

const personOf = ({ source, isOfParent }: Join, t: string) =>
  isOfParent || !source.person ? {} : { person: source.person(t) };

const rowsOf = (join: Join, parent: string, t: string, w: Writer) => ({
  from: `${join.source.table} ${t}`,
  where: visibleRows(join, parent, t, w),
  ...personOf(join, t),
  // Of two versions of one fact, or two names of one unit, always the same.
  orderBy: join.source.keys.map(({ column: key }) => `${t}.${key}`).join(', '),
});

/** One object of another table, or null. */
export const one = (t: Fields, type: RowRef, { grant, zh, en, ...join }: Said & Join) =>
  t.field({
    ...{ grant, zh, en, type },
    nullable: true,
    resolve: byResponseKey,
    plan: { kind: 'row', rows: (parent, alias, w) => rowsOf(join, parent, alias, w) },
  });

type Many = Said & Join & { filter?: FilterRef; first?: number };

/** Objects of another table, page by page. */
export const many = (t: Fields, type: RowRef, options: Many) => {
  const { grant, zh, en, filter, first, ...join } = options;
  return t.field({
    ...{ grant, zh, en, type: connectionOf(type) },
    args: pageArgs(t.arg, { first, filter }),
    resolve: byResponseKey,
    plan: {
      kind: 'connection',
      source: join.source,
      within: {
        where: (parent, alias, w) => visibleRows(join, parent, alias, w),
        order: join.orderBy ?? [],
        isOfParent: join.isOfParent ?? false,
      },
    },
  });
};

type Few = Said & Join & { first?: number };

/** The same where there can never be many: a plain list. */
export const few = (t: Fields, type: RowRef, options: Few) => {
  const { grant, zh, en, first = MOST_PER_PAGE, ...join } = options;
  const orderSql = (alias: string, w: Writer) =>
    [...(join.orderBy ?? []).map((each) => orderedBy(each, alias, w)), ''].join(', ');
  return listField(t, type, {
    ...{ grant, zh, en, first },
    plan: {
      kind: 'rows',
      rows: (parent, alias, w) => {
        const rows = rowsOf(join, parent, alias, w);
        return { ...rows, orderBy: orderSql(alias, w) + rows.orderBy };
      },
    },
  });
};

type ListField = Said & { plan: FieldPlan; first?: number };

/** A list whose FROM is written by hand. */
export const listField = (t: Fields, type: RowRef, options: ListField) => {
  const { first = MOST_PER_PAGE, ...rest } = options;
  return t.field({
    ...rest,
    type: [type],
    args: { first: t.arg.int({ defaultValue: first, description: FIRST }) },
    resolve: byResponseKey,
  });
};

/** How many rows the list beside it has; only rows the actor may see are counted. */
export const counted = (t: Fields, { grant, zh, en, ...join }: Said & Join) =>
  expression(t, {
    ...{ grant, zh, en, type: 'Int' },
    sql: (parent, w) => {
      const alias = w.alias();
      const where = visibleRows(join, parent, alias, w).join(' and ');
      return `(select count(*)::int from ${join.source.table} ${alias} where ${where})`;
    },
  });

/** Another group of columns of the same row, as an object of its own. */
export const sameRow = (t: Fields, type: RowRef, said: Said) =>
  t.field({ ...said, type, resolve: byResponseKey, plan: { kind: 'same-row' } });
