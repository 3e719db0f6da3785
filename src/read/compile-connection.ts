/**
 * Pages: `nodes`, `edges`, `pageInfo` and `totalCount` over one source. The order is total (it ends
 * in the key), so no row is lost or doubled between pages. The cursor is the global id of a row; its
 * sort values are looked up in the same statement under the actor's own policies, so a cursor says
 * nothing and a row the actor may not see is no place to start from.
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
import type { Order, Source, Writer } from './field-plan.ts';
import { globalIdSql, rowOfId } from './global-id.ts';
import { pageSize } from './page-size.ts';

type Pages = Use & { source: Source };
type Page = {
  use: Pages;
  item: GraphQLObjectType;
  /** `from … where … order by …` of so many rows themselves, and the alias they have there. */
  rows(limit: string): string;
  t: string;
  /** Name of the common table expression, where more than the nodes was asked for. */
  name: string;
  size: string;
};
type Part = (name: string, nodes: readonly FieldNode[]) => string;

const orderSql = (order: readonly Order[], t: string, w: Writer): string =>
  order.map((each) => `${each.sql(t, w)} ${each.isDescending ? 'desc' : 'asc'}`).join(', ');

/** The sort key, made total by the columns of the id. */
function totalOrder(c: Compilation, use: Pages, w: Writer): Order[] {
  const chosen = orderOf(c, use.field, w);
  const isDescending = chosen[0]?.isDescending ?? false;
  const keys = use.source.keys.map(({ column }) => ({
    sql: (t: string) => `${t}.${column}`,
    isDescending,
  }));
  return [...chosen, ...keys];
}

/** Rows strictly behind the cursor's row, for any mixture of directions. */
function behindCursor(
  c: Compilation,
  page: Pick<Page, 'use' | 'item' | 't'>,
  order: readonly Order[],
  w: Writer,
): string {
  const { use, item, t } = page;
  const k = newAlias(c);
  const conditions = [
    ...rowOfId(item.name, use.source, k, (transform) => w.bind(['after'], transform)),
    ...visible(c, use.source, k),
  ];
  const from = `from ${use.source.table} ${k} where ${conditions.join(' and ')}`;
  c.cursorChecks.push(`exists (select ${from})`);
  const values = order.map((each) => `(select ${each.sql(k, w)} ${from})`);
  const isUniform = order.every((each) => !each.isDescending === !order[0]?.isDescending);
  if (isUniform) {
    const row = order.map((each) => each.sql(t, w)).join(', ');
    return `(${row}) ${order[0]?.isDescending ? '<' : '>'} (${values.join(', ')})`;
  }
  const steps = order.map((each, n) => {
    const equal = order.slice(0, n).map((earlier, m) => `${earlier.sql(t, w)} = ${values[m]}`);
    return [...equal, `${each.sql(t, w)} ${each.isDescending ? '<' : '>'} ${values[n]}`].join(
      ' and ',
    );
  });
  return `(${steps.map((step) => `(${step})`).join(' or ')})`;
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

const pageRows = (page: Page, e: string) =>
  `from ${page.name} ${e} where ${e}.page_row <= ${page.size} order by ${e}.page_row`;

const personOf = ({ use }: Page, t: string) => use.source.person?.(t);

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

function pageInfoSql(
  c: Compilation,
  page: Page,
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
) {
  const id = globalIdSql(page.item.name, page.use.source, 'e');
  const columns = parts(c, type, nodes, (name) =>
    name === 'hasNextPage'
      ? `(select count(*) > ${page.size} from ${page.name})`
      : `(select ${id} ${pageRows(page, 'e')} desc limit 1)`,
  );
  // A cursor is an id.
  const wanted = [...selected(c, type, nodes).values()].map(([node]) => node?.name.value);
  const last = wanted.includes('endCursor') ? personOf(page, 'e') : undefined;
  const person = last && `(select ${last} ${pageRows(page, 'e')} desc limit 1)`;
  return `(${objectJson(marked(c, columns, person), '')})`;
}

function totalSql(c: Compilation, use: Pages, w: Writer): string {
  const t = newAlias(c);
  // Before anything else: it refuses filters the actor has no grant for.
  const filters = filterSql(c, use.field, t, w);
  const known = use.plan.kind === 'connection' ? use.plan.total?.(w) : undefined;
  if (known !== undefined) return known;
  const where = [...visible(c, use.source, t), ...filters];
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
  page: Pick<Page, 'use' | 'item' | 't'>,
  order: readonly Order[],
  w: Writer,
) {
  const { use, t } = page;
  const always = [
    ...visible(c, use.source, t),
    ...(w.has('after') ? [behindCursor(c, page, order, w)] : []),
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
  const isPaged = wanted.includes('edges') || wanted.includes('pageInfo');
  const size = pageSize(c, use.field, use.node);
  const t = newAlias(c);
  const name = isPaged ? `page_${t}` : '';
  const item = typeOfField(connection, 'nodes');
  const order = totalOrder(c, use, w);
  const rows = rowsOf(c, { use, item, t }, order, w);
  const page: Page = { use, item, rows, t, name, size };
  const columns = parts(c, connection, use.nodes, (field, nodes) => {
    if (field === 'totalCount') return totalSql(c, use, w);
    if (field === 'nodes') return nodesSql(c, page, nodes);
    const type = typeOfField(connection, field);
    return field === 'edges' ? edgesSql(c, page, nodes, type) : pageInfoSql(c, page, nodes, type);
  });
  const object = objectJson(columns, '');
  if (!isPaged) return `(${object})`;
  const numbered = `select ${t}.*, row_number() over (order by ${orderSql(order, t, w)}) as page_row`;
  return `(with ${name} as materialized (${numbered} ${rows(`${size} + 1`)}) ${object})`;
}
