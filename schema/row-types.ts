/**
 * Object types made of rows, their global ids, and the root fields that begin a statement.
 */
import type { FieldMap, InputFieldMap } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Grant } from '../src/access/grants.ts';
import {
  byResponseKey,
  globalIdSql,
  type Rows,
  type Source,
  type Writer,
} from '../src/read/index.ts';
import { builder, type Context, type Row, words } from './builder.ts';
import type { Fields, FilterRef, ListEnum, RowRef, Said } from './fields.ts';
import { connectionOf, FIRST, pageArgs, pagedAs } from './paging.ts';

type Words = { zh: string; en: string };

export const Node = builder.interfaceRef<Row>('Node').implement({
  description: words('有全局编号的对象', 'An object with a global id'),
  fields: (t) => ({
    id: t.id({
      grant: 'self.read',
      zh: '全局编号',
      en: 'Global id',
      resolve: byResponseKey,
    }),
  }),
});

type RowType = Words & {
  /** With a source the type has a global id, readable with this grant. */
  source?: Source;
  grant: Grant;
  /** Relatives: see TypeExtensions. */
  isFamily?: boolean;
  fields(t: Fields): FieldMap;
};

/** Declares an object type whose fields are answered by SQL. */
export function rowType(
  name: string,
  { zh, en, source, grant, isFamily, fields }: RowType,
): RowRef {
  const ref = builder.objectRef<Row>(name);
  pagedAs(ref, { name, grant, zh, en });
  if (!source) {
    return ref.implement({ description: words(zh, en), extensions: { grant }, fields });
  }
  return ref.implement({
    description: words(zh, en),
    extensions: { grant, source, ...(isFamily ? { isFamily } : {}) },
    interfaces: [Node],
    fields: (t) => ({
      id: t.id({
        grant,
        zh: '全局编号',
        en: 'Global id',
        resolve: byResponseKey,
        plan: { kind: 'value', sql: (row) => globalIdSql(name, source, row) },
      }),
      ...fields(t),
    }),
  });
}

/** Hangs fields on types of other folders, so that a new concept edits none of their files. */
export function addFields(types: readonly RowRef[], fields: (t: Fields) => FieldMap): void {
  for (const type of types) builder.objectFields(type, fields);
}

/** Where a query also needs resolvers, each root field is a statement of its own. */
const fromReader = <T>(
  _root: unknown,
  _args: unknown,
  { reader, actor, seen }: Context,
  info: GraphQLResolveInfo,
): Promise<T> => reader.rootField<T>(info, actor, seen);

export type QueryFields = PothosSchemaTypes.QueryFieldBuilder<
  typeof builder.$inferSchemaTypes,
  object
>;

type Pages = Said & {
  type: RowRef;
  source: Source;
  first?: number;
  filter?: FilterRef;
  orderBy?: { keys: ListEnum; byDefault: string };
  /** How many there are, where that is known without counting. */
  total?(w: Writer): string | undefined;
};

/** A connection at the root. */
export const pages = (
  t: QueryFields,
  { type, source, filter, orderBy, total, first, ...said }: Pages,
) =>
  t.field({
    ...said,
    type: connectionOf(type),
    args: pageArgs(t.arg, { first, filter, orderBy }),
    plan: { kind: 'connection', source, ...(total ? { total } : {}) },
    resolve: fromReader,
  });

type RootRow = Said & {
  type: RowRef;
  args: InputFieldMap;
  rows(t: string, w: Writer): Rows;
};

/** One object at the root, or null where there is none or it may not be seen. */
export const rootRow = (t: QueryFields, { rows, ...rest }: RootRow) =>
  t.field({
    ...rest,
    nullable: true,
    plan: { kind: 'row', rows: (_parent, alias, w) => rows(alias, w) },
    resolve: fromReader,
  });

type RootRows = Said & {
  type: RowRef;
  first?: number;
  filter?: FilterRef;
  args?: InputFieldMap;
  rows(t: string, w: Writer): Rows;
};

/** A list at the root, where there are never many. */
export const rootRows = (
  t: QueryFields,
  { rows, type, first = 100, filter, args, ...said }: RootRows,
) =>
  t.field({
    ...said,
    type: [type],
    args: {
      ...args,
      first: t.arg.int({ defaultValue: first, description: FIRST }),
      ...(filter ? { filter: t.arg({ type: filter, description: words('筛选', 'Filter') }) } : {}),
    },
    plan: { kind: 'rows', rows: (_parent, alias, w) => rows(alias, w) },
    resolve: (_root, _args, { reader, actor, seen }, info) =>
      reader.rootField<Row[]>(info, actor, seen),
  });

const withTypeName = (value: Row | null, id: string): Row | null =>
  value && { ...value, __typename: id.slice(0, id.indexOf(':')) };

builder.queryType({ description: words('查询', 'Everything that can be asked') });

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    grant: 'self.read',
    zh: '按全局编号取一个对象；不存在或无权查看时为空',
    en: 'Any object by its global id; null where there is none or you may not see it',
    args: { id: t.arg.id({ required: true, description: words('全局编号', 'Global id') }) },
    plan: { kind: 'node' },
    resolve: async (_root, { id }, { reader, actor, seen }, info) =>
      withTypeName(await reader.rootField<Row | null>(info, actor, seen), id),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    grant: 'self.read',
    zh: '按全局编号取多个对象（至多100个），顺序不变',
    en: 'Several objects by global id (at most 100), in the order asked',
    args: {
      ids: t.arg.idList({ required: true, description: words('全局编号', 'Global ids') }),
    },
    plan: { kind: 'nodes' },
    resolve: async (_root, { ids }, { reader, actor, seen }, info) => {
      const rows = await reader.rootField<(Row | null)[]>(info, actor, seen);
      return rows.map((row, n) => withTypeName(row, ids[n] ?? ''));
    },
  }),
}));
