/**
 * Object types made of rows, their global ids, pages of them, and the root fields that begin a
 * statement. Also the scalars.
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
import {
  FIRST,
  type Fields,
  type FilterRef,
  type ListEnum,
  type RowRef,
  type Said,
} from './fields.ts';

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

const PageInfo = builder.objectRef<Row>('PageInfo').implement({
  description: words('翻页信息', 'Where this page ends'),
  fields: (t) => ({
    hasNextPage: t.boolean({
      ...{ grant: 'self.read', zh: '是否还有下一页', en: 'Whether more follow' },
      resolve: byResponseKey,
    }),
    endCursor: t.string({
      ...{ grant: 'self.read', zh: '本页末尾的游标', en: 'Cursor of the last row of this page' },
      nullable: true,
      resolve: byResponseKey,
    }),
  }),
});

/** `XConnection` and `XEdge` of a type with a global id. */
export function pagesOf(item: RowRef, name: string, { grant, zh, en }: Said): RowRef {
  const edge = builder.objectRef<Row>(`${name}Edge`).implement({
    description: words(`${zh}：一条及其游标`, `${en}: one and its cursor`),
    fields: (t) => ({
      cursor: t.string({ grant, zh: '游标', en: 'Cursor', resolve: byResponseKey }),
      node: t.field({ type: item, grant, zh: '对象', en: 'The object', resolve: byResponseKey }),
    }),
  });
  return builder.objectRef<Row>(`${name}Connection`).implement({
    description: words(`${zh}：分页`, `${en}: a page of them`),
    fields: (t) => ({
      totalCount: t.int({
        ...{ grant, zh: '您可见的总数', en: 'How many you may see in all' },
        resolve: byResponseKey,
      }),
      nodes: t.field({ type: [item], grant, zh: '本页', en: 'This page', resolve: byResponseKey }),
      edges: t.field({
        ...{ grant, zh: '本页及游标', en: 'This page with cursors', type: [edge] },
        resolve: byResponseKey,
      }),
      pageInfo: t.field({
        ...{ grant, zh: '翻页信息', en: 'Paging', type: PageInfo },
        resolve: byResponseKey,
      }),
    }),
  });
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
  { type, source, filter, orderBy, total, first = 20, ...said }: Pages,
) =>
  t.field({
    ...said,
    type,
    args: {
      first: t.arg.int({ defaultValue: first, description: FIRST }),
      after: t.arg.string({
        description: words('从此游标之后开始', 'Start behind this cursor'),
      }),
      ...(filter ? { filter: t.arg({ type: filter, description: words('筛选', 'Filter') }) } : {}),
      ...(orderBy
        ? {
            orderBy: t.arg({
              type: orderBy.keys,
              defaultValue: orderBy.byDefault,
              description: words('排序', 'Order'),
            }),
          }
        : {}),
    },
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
