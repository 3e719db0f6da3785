/**
 * Pages: `nodes`, `edges`, `pageInfo` and `totalCount` over one source, at the root or within a parent's
 * row. The order is total (it ends in the key), so no row is lost or doubled between pages. The cursor is
 * the global id of a row; its sort values are looked up in the same statement under the actor's own
 * policies, so a cursor says nothing and a row the actor may not see is no place to start from.
 */
import type { FieldNode, GraphQLObjectType } from 'graphql';
import { HubError } from '../base/errors.ts';
import { type Compilation, newAlias, requireGrant, visible } from './compilation.ts';
import {
  asObjectType,
  type Columns,
  extensionsOf,
  filterSql,
  listJson,
  marked,
  objectJson,
  orderOf,
  selected,
  subColumns,
  twoWaysOfFilter,
  type Use,
} from './compile-object.ts';
import type { Source, Within, Writer } from './field-plan.ts';
import { globalIdSql, rowOfId } from './global-id.ts';
import { backwards, behind, orderSql, type Walked } from './order-by.ts';
import { pageSize } from './page-size.ts';
import { MISPLACED } from './persons.ts';

type Pages = Use & { source: Source; within?: Within | undefined };
type Page = {
  use: Pages;
  item: GraphQLObjectType;
  /** In the direction the page is walked. */
  order: readonly Walked[];
  isBackwards: boolean;
  /** `from … where … order by …` of so many rows themselves, and the alias they have there. */
  rows(limit: string): string;
  t: string;
  /** Name of the common table expression, where more than the nodes was asked for. */
  name: string;
  size: string;
};
type Part = (name: string, nodes: readonly FieldNode[]) => string;

const cursorName = ({ isBackwards }: Pick<Page, 'isBackwards'>) =>
  isBackwards ? 'before' : 'after';

/** The sort key as chosen, or as the list has it, made total by the columns of the id. */
function totalOrder(c: Compilation, { field, source, within }: Pages, w: Writer): Walked[] {
  const chosen = [...orderOf(c, field, w)];
  const order = chosen.length > 0 ? chosen : [...(within?.order ?? [])];
  const isDescending = order[0]?.isDescending ?? false;
  // Rows of one person do not differ in the person.
  const keys = source.keys.filter(({ column }) => !(within?.isOfParent && column === 'person_id'));
  return [
    ...order,
    ...keys.map(({ column }) => ({ sql: (t: string) => `${t}.${column}`, isDescending })),
  ];
}

/** What holds for every row of the list, with this alias. */
const listed = (
  c: Compilation,
  { source, within, place }: Pages,
  t: string,
  w: Writer,
): string[] => (within ? [...within.where(place.t, t, w)] : visible(c, source, t));

/** That the row `t` is the one the cursor names. */
const isCursor = (page: Pick<Page, 'use' | 'item' | 'isBackwards'>, t: string, w: Writer) =>
  rowOfId(page.item.name, page.use.source, t, (transform) => w.bind([cursorName(page)], transform));

/** The row the cursor names, which must stand in the very list that is asked for. */
function cursorRow(c: Compilation, page: Pick<Page, 'use' | 'item' | 'isBackwards'>, w: Writer) {
  const { use } = page;
  const k = newAlias(c);
  const where = [...isCursor(page, k, w), ...listed(c, use, k, w)].join(' and ');
  return { k, from: `from ${use.source.table} ${k} where ${where}` };
}

/** Rows strictly behind the cursor's row in this order. */
function behindCursor(
  c: Compilation,
  page: Pick<Page, 'use' | 'item' | 'isBackwards'>,
  { order, t }: Pick<Page, 'order' | 't'>,
  w: Writer,
): string {
  const { k, from } = cursorRow(c, page, w);
  const values = order.map((each) => `(select ${each.sql(k, w)} ${from})`);
  return behind(order, t, values, w);
}

/** Refuses a cursor that names no row of the list: of the whole statement at the root, else where the list stands. */
function checkCursor(c: Compilation, page: Page, w: Writer): Columns {
  if (!w.has(cursorName(page))) return [];
  const isThere = `exists (select ${cursorRow(c, page, w).from})`;
  if (page.use.within) return marked(c, [], `case when not ${isThere} then '${MISPLACED}' end`);
  c.cursorChecks.push(isThere);
  return [];
}

/** An object whose few fields the connection answers by name. */
function parts(
  c: Compilation,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  part: Part,
): Columns {
  return [...selected(c, type, nodes)].map(([key, each]) => {
    const name = each[0]?.name.value ?? '';
    if (name === '__typename') return { key, sql: `'${type.name}'::text` };
    const field = type.getFields()[name];
    requireGrant(c, field && extensionsOf(field).grant);
    return { key, sql: part(name, each) };
  });
}

/** Rows of the page, in the order of the list; `isReversed`: the other way round. */
const pageRows = ({ name, size, isBackwards }: Page, e: string, isReversed = false) =>
  `from ${name} ${e} where ${e}.page_row <= ${size} order by ${e}.page_row${
    isBackwards === isReversed ? '' : ' desc'
  }`;

/** Whose row it is, unless that is the parent's, who is named there already. */
const personOf = ({ use: { source, within } }: Page, t: string) =>
  within?.isOfParent ? undefined : source.person?.(t);

function nodesSql(c: Compilation, page: Page, nodes: readonly FieldNode[]): string {
  const { item } = page;
  const t = page.name === '' ? page.t : newAlias(c);
  const place = { t };
  const tail = page.name === '' ? page.rows(page.size) : pageRows(page, t);
  return listJson(
    objectJson(marked(c, subColumns(c, item, nodes, place), personOf(page, t)), tail),
  );
}

function edgesSql(
  c: Compilation,
  page: Page,
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
) {
  const { use, item } = page;
  const t = newAlias(c);
  const place = { t };
  const columns = parts(c, type, nodes, (name, each) =>
    name === 'cursor'
      ? globalIdSql(item.name, use.source, t)
      : `(${objectJson(subColumns(c, item, each, place), '')})`,
  );
  return listJson(objectJson(marked(c, columns, personOf(page, t)), pageRows(page, t)));
}

/** Whether the list has rows on the side the page was walked from: none without a cursor. */
function isAnyBeforeSql(c: Compilation, page: Page, w: Writer): string {
  const { use, order } = page;
  if (!w.has(cursorName(page))) return 'false';
  const t = newAlias(c);
  const conditions = [...listed(c, use, t, w), ...filterSql(c, use.field, t, w)];
  const rows = `select from ${use.source.table} ${t} where ${conditions.join(' and ') || 'true'}`;
  const isItself = isCursor(page, t, w).join(' and ');
  const isBefore = behindCursor(c, page, { order: backwards(order), t }, w);
  // The cursor's own row, unless it has left the list since; then whatever is before its place.
  return `(exists (${rows} and ${isItself}) or exists (${rows} and ${isBefore}))`;
}

function pageInfoSql(
  c: Compilation,
  page: Page,
  nodes: readonly FieldNode[],
  { type, w }: { type: GraphQLObjectType; w: Writer },
) {
  const atEnd = (sql: string, isEnd: boolean) =>
    `(select ${sql} ${pageRows(page, 'e', isEnd)} limit 1)`;
  const id = globalIdSql(page.item.name, page.use.source, 'e');
  const isMore = `(select count(*) > ${page.size} from ${page.name})`;
  const columns = parts(c, type, nodes, (name) => {
    if (name === 'startCursor' || name === 'endCursor') return atEnd(id, name === 'endCursor');
    const isAhead = (name === 'hasNextPage') !== page.isBackwards;
    return isAhead ? isMore : isAnyBeforeSql(c, page, w);
  });
  // A cursor is an id.
  const person = personOf(page, 'e');
  const wanted = new Set([...selected(c, type, nodes).values()].map(([node]) => node?.name.value));
  const named = (['startCursor', 'endCursor'] as const).flatMap((name) =>
    person && wanted.has(name) ? [atEnd(person, name === 'endCursor')] : [],
  );
  return `(${objectJson(marked(c, columns, ...named), '')})`;
}

function totalSql(c: Compilation, use: Pages, w: Writer): string {
  const t = newAlias(c);
  // Before anything else: it refuses filters the actor has no grant for.
  const filters = filterSql(c, use.field, t, w);
  const known = use.plan.kind === 'connection' ? use.plan.total?.(w) : undefined;
  if (known !== undefined) return known;
  const where = [...listed(c, use, t, w), ...filters];
  return `(select count(*)::int from ${use.source.table} ${t}${
    where.length > 0 ? ` where ${where.join(' and ')}` : ''
  })`;
}

const typeOfField = (type: GraphQLObjectType, name: string): GraphQLObjectType => {
  const field = type.getFields()[name];
  if (!field) throw new HubError('internal');
  return asObjectType(field.type);
};

/** The rows of a page in order, found in one way or in whichever of two suits how many there are. */
function rowsOf(
  c: Compilation,
  page: Pick<Page, 'use' | 'item' | 't' | 'order' | 'isBackwards'>,
  w: Writer,
) {
  const { use, t, order } = page;
  const always = [
    ...listed(c, use, t, w),
    ...(w.has(cursorName(page)) ? [behindCursor(c, page, page, w)] : []),
  ];
  const inOrder = `order by ${orderSql(order, t, w)}`;
  const from = (conditions: readonly string[]) => {
    const where = [...always, ...conditions];
    return `from ${use.source.table} ${t}${where.length > 0 ? ` where ${where.join(' and ')}` : ''}`;
  };
  const two = twoWaysOfFilter(c, use.field, t, w);
  if (two === undefined) {
    const only = from(filterSql(c, use.field, t, w));
    return (limit: string) => `${only} ${inOrder} limit ${limit}`;
  }
  // The choice is settled once, before either way is gone.
  const m = newAlias(c);
  const ways = [from([`${m}.many`, ...two.walked]), from([`not ${m}.many`, ...two.found])];
  return (limit: string) => {
    const rows = ways.map((way) => `(select ${t}.* ${way} ${inOrder} limit ${limit})`);
    return `from (${two.choice} offset 0) ${m} cross join lateral (${rows.join(' union all ')}) ${t}
      ${inOrder} limit ${limit}`;
  };
}

export function connectionSql(c: Compilation, use: Pages, w: Writer): string {
  const connection = asObjectType(use.field.type);
  const wanted = [...selected(c, connection, use.nodes).values()].map((n) => n[0]?.name.value);
  const isBackwards = w.has('last');
  const isNumbered = isBackwards || wanted.includes('edges') || wanted.includes('pageInfo');
  const size = pageSize(c, use.field, use.node, isBackwards ? 'last' : 'first');
  const t = newAlias(c);
  const name = isNumbered ? `page_${t}` : '';
  const item = typeOfField(connection, 'nodes');
  const forwards = totalOrder(c, use, w);
  const order = isBackwards ? backwards(forwards) : forwards;
  const rows = rowsOf(c, { use, item, t, order, isBackwards }, w);
  const page: Page = { use, item, rows, t, name, size, order, isBackwards };
  const columns = parts(c, connection, use.nodes, (field, nodes) => {
    if (field === 'totalCount') return totalSql(c, use, w);
    if (field === 'nodes') return nodesSql(c, page, nodes);
    const type = typeOfField(connection, field);
    return field === 'edges'
      ? edgesSql(c, page, nodes, type)
      : pageInfoSql(c, page, nodes, { type, w });
  });
  const object = objectJson([...checkCursor(c, page, w), ...columns], '');
  if (!isNumbered) return `(${object})`;
  const numbered = `select ${t}.*, row_number() over (order by ${orderSql(order, t, w)}) as page_row`;
  return `(with ${name} as materialized (${numbered} ${rows(`${size} + 1`)}) ${object})`;
}
