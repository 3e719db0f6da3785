/**
 * Pages as Relay reads them (https://relay.dev/graphql/connections.htm): `first` with `after` forwards,
 * `last` with `before` backwards. Every list that may exceed a page is one, at the root and on objects.
 */
import type { ArgBuilder } from '@pothos/core';
import { byResponseKey, MOST_PER_PAGE } from '../src/read/index.ts';
import { builder, type Row, words } from './builder.ts';
import type { FilterRef, ListEnum, RowRef, Said } from './fields.ts';

const PageInfo = builder.objectRef<Row>('PageInfo').implement({
  description: words('翻页信息', 'Where this page begins and ends'),
  fields: (t) => {
    const isThere = (zh: string, en: string) =>
      t.boolean({ grant: 'self.read', zh, en, resolve: byResponseKey });
    const cursor = (zh: string, en: string) =>
      t.string({ grant: 'self.read', zh, en, nullable: true, resolve: byResponseKey });
    return {
      hasNextPage: isThere('之后是否还有', 'Whether more follow'),
      hasPreviousPage: isThere('之前是否还有', 'Whether more lie before'),
      startCursor: cursor(
        '本页首条的游标；空页为空',
        'Cursor of the first row; null on an empty page',
      ),
      endCursor: cursor(
        '本页末条的游标；空页为空',
        'Cursor of the last row; null on an empty page',
      ),
    };
  },
});

type Item = Said & { name: string; connection?: RowRef };
const items = new WeakMap<RowRef, Item>();

/** Says how pages of these objects are called; `rowType` does. */
export const pagedAs = (ref: RowRef, item: Item): RowRef => {
  items.set(ref, item);
  return ref;
};

/** Connections and their edges hold a page and are no objects of their own: nothing is nested deeper by them. */
const extensions = { isPage: true };

function connectionMade(item: RowRef, { name, grant, zh, en }: Item): RowRef {
  const edge = builder.objectRef<Row>(`${name}Edge`).implement({
    description: words(`${zh}：一条及其游标`, `${en}: one and its cursor`),
    extensions,
    fields: (t) => ({
      cursor: t.string({ grant, zh: '游标', en: 'Cursor', resolve: byResponseKey }),
      node: t.field({ type: item, grant, zh: '对象', en: 'The object', resolve: byResponseKey }),
    }),
  });
  return builder.objectRef<Row>(`${name}Connection`).implement({
    description: words(`${zh}：分页`, `${en}: a page of them`),
    extensions,
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

/** `XConnection` of a type made of rows, made when a field first needs it. */
export function connectionOf(ref: RowRef): RowRef {
  const item = items.get(ref);
  if (!item) throw new TypeError(`${ref.name} is no type made of rows`);
  item.connection ??= connectionMade(ref, item);
  return item.connection;
}

type Arg = ArgBuilder<typeof builder.$inferSchemaTypes>;

const UP_TO = `1–${MOST_PER_PAGE}`;
export const FIRST = words(`最多返回几条（${UP_TO}）`, `How many at most (${UP_TO})`);

/** Rows of a page where the request does not say. */
const USUAL_PAGE = 20;

export type PageOptions = {
  first?: number | undefined;
  filter?: FilterRef | undefined;
  orderBy?: { keys: ListEnum; byDefault: string } | undefined;
};

/** The arguments every connection has; which of them go together is checked in src/read/page-size.ts. */
export const pageArgs = (arg: Arg, { first = USUAL_PAGE, filter, orderBy }: PageOptions) => ({
  first: arg.int({
    defaultValue: first,
    description: words(
      `前几条（${UP_TO}），与 after 同用`,
      `So many from the beginning, or behind after (${UP_TO})`,
    ),
  }),
  after: arg.string({
    description: words('从此游标之后开始', 'Start behind this cursor'),
  }),
  last: arg.int({
    description: words(
      `后几条（${UP_TO}），与 before 同用`,
      `So many from the end, or before before (${UP_TO})`,
    ),
  }),
  before: arg.string({
    description: words('到此游标之前为止', 'End before this cursor'),
  }),
  ...(filter ? { filter: arg({ type: filter, description: words('筛选', 'Filter') }) } : {}),
  ...(orderBy
    ? {
        orderBy: arg({
          type: orderBy.keys,
          defaultValue: orderBy.byDefault,
          description: words('排序', 'Order'),
        }),
      }
    : {}),
});
