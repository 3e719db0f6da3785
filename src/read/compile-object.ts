/**
 * Writes the SQL of a selection: each object is one `row_to_json` over a sub-select whose columns are
 * named by the response keys, so that PostgreSQL's text is already the answer. A field the actor has
 * no grant for makes the whole request fail; it is never left out in silence.
 */
import {
  type FieldNode,
  type GraphQLInputField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import { HubError } from '../base/errors.ts';
import {
  type AnyField,
  type Compilation,
  newAlias,
  requireGrant,
  writerFor,
} from './compilation.ts';
import { connectionSql } from './compile-connection.ts';
import { nodeSql, nodesSql } from './compile-node.ts';
import type {
  FieldExtensions,
  FieldPlan,
  FilterExtensions,
  OrderExtensions,
  Rows,
  TypeExtensions,
  Writer,
} from './field-plan.ts';
import { pageSize } from './page-size.ts';
import { PERSON_KEY } from './persons.ts';

/** Where a selection stands: the alias of the row it reads. */
export type Place = { t: string };
export type Columns = readonly { key: string; sql: string }[];

/** PostgreSQL cuts identifiers at 63 bytes; GraphQL names are ASCII, so letters are bytes. */
const LONGEST_IDENTIFIER = 63;

/** One JSON object made of these columns and the rest of a SELECT (`from …`), or of no table. */
export function objectJson(columns: Columns, tail: string): string {
  if (columns.every(({ key }) => key.length <= LONGEST_IDENTIFIER)) {
    const list = columns.map(({ key, sql }) => `${sql} as "${key}"`).join(', ');
    return `select row_to_json(o) as j from (select ${list} ${tail}) o`;
  }
  const list = columns.map(({ sql }, n) => `${sql} as c${n}`).join(', ');
  const members = columns.map(
    ({ key }, n) => `'"${key}":' || coalesce(to_json(o.c${n})::text, 'null')`,
  );
  return `select ('{' || ${members.join(" || ',' || ")} || '}')::json as j from (select ${list} ${tail}) o`;
}

/** Columns of an object that says whose row it is made of. */
export function marked(
  c: Compilation,
  columns: Columns,
  ...persons: readonly (string | undefined)[]
): Columns {
  const marks = persons.flatMap((sql) => (sql === undefined ? [] : [{ key: PERSON_KEY, sql }]));
  if (marks.length > 0) c.hasPersons = true;
  return [...marks, ...columns];
}

export const listJson = (object: string): string => `array_to_json(array(${object}))`;

export function planOf(field: AnyField): FieldPlan | undefined {
  return extensionsOf(field).plan;
}

// The builder is the only author of extensions and its types demand these; this is where they are
// read back out of graphql-js, which knows them as unknown.
export const extensionsOf = (field: AnyField): Partial<FieldExtensions> =>
  field.extensions as Partial<FieldExtensions>;
/** The grant of a type made of rows; PageInfo and connections have none of their own. */
export const grantOfType = (type: GraphQLObjectType) =>
  (type.extensions as Partial<TypeExtensions>).grant;
const isFamily = (type: GraphQLObjectType): boolean =>
  (type.extensions as Partial<TypeExtensions>).isFamily ?? false;
const filterOf = (field: GraphQLInputField) => field.extensions as Partial<FilterExtensions>;

type Given = Partial<FilterExtensions> & { path: string[] };

function givenFilters(field: AnyField, w: Writer): Given[] {
  const type = field.args.find(({ name }) => name === 'filter')?.type;
  const input = type && getNamedType(type);
  if (!isInputObjectType(input)) return [];
  return Object.values(input.getFields())
    .filter(({ name }) => w.has('filter', name))
    .map((each) => ({ ...filterOf(each), path: ['filter', each.name] }));
}

/** Conditions of the argument `filter`; each carries the grant of the field it reads. */
export const filterSql = (c: Compilation, field: AnyField, t: string, w: Writer): string[] =>
  givenFilters(field, w).flatMap(({ grant, where, path }) => {
    requireGrant(c, grant);
    return where ? [where(t, w, path)] : [];
  });

/** Where a filter has two forms: a select of `many`, true or false, and the conditions for either. */
export type TwoWays = { choice: string; walked: string[]; found: string[] };

/** The conditions of the argument `filter` for both ways to find rows, where one of its filters has two. */
export function twoWaysOfFilter(
  c: Compilation,
  field: AnyField,
  t: string,
  w: Writer,
): TwoWays | undefined {
  const given = givenFilters(field, w);
  const place = given.findIndex(({ whereMany }) => whereMany !== undefined);
  const { whereMany, path } = given[place] ?? {};
  if (!whereMany || !path) return undefined;
  const found = filterSql(c, field, t, w);
  const walked = found.with(place, whereMany.where(t, w, path));
  return { choice: `select ${whereMany.when(w, path)} as many`, walked, found };
}

/** The chosen sort key; it carries the grant of the field it sorts by. */
export function orderOf(c: Compilation, field: AnyField, w: Writer): OrderExtensions['order'] {
  const type = field.args.find(({ name }) => name === 'orderBy')?.type;
  const keys = type && getNamedType(type);
  if (!isEnumType(keys)) return [];
  const value = keys.getValues().find((each) => each.value === w.choice('orderBy'));
  const { grant, order } = (value?.extensions ?? {}) as Partial<OrderExtensions>;
  requireGrant(c, grant);
  return order ?? [];
}

const whereSql = (conditions: readonly string[]) =>
  conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;

export const tailOf = (rows: Rows, more: readonly string[], limit: string): string =>
  `from ${rows.from} ${whereSql([...rows.where, ...more])}${
    rows.orderBy ? ` order by ${rows.orderBy}` : ''
  } limit ${limit}`;

/** The columns of one object's selection, in the order of the response. */
export function columnsOf(
  c: Compilation,
  type: GraphQLObjectType,
  fields: ReadonlyMap<string, readonly FieldNode[]>,
  place: Place,
): Columns {
  const grant = grantOfType(type);
  if (grant !== undefined) requireGrant(c, grant);
  return [...fields].map(([key, nodes]) => ({ key, sql: fieldSql(c, type, nodes, place) }));
}

/** The fields selected below these nodes, merged by response key, for objects of `type`. */
export const selected = (
  c: Compilation,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): ReadonlyMap<string, readonly FieldNode[]> =>
  collectSubfields(c.schema, c.fragments, { ...c.variables }, type, [...nodes]);

/** The selection below these nodes, read as objects of `type`. */
export const subColumns = (
  c: Compilation,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  place: Place,
): Columns => columnsOf(c, type, selected(c, type, nodes), place);

function fieldSql(
  c: Compilation,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  place: Place,
): string {
  const [node] = nodes;
  if (!node) throw new HubError('internal');
  if (node.name.value === '__typename') return `'${type.name}'::text`;
  const field = type.getFields()[node.name.value];
  const plan = field && planOf(field);
  if (!field || !plan) throw new HubError('internal');
  requireGrant(c, extensionsOf(field).grant);
  return planSql(c, { field, plan, node, nodes, place, isFamily: isFamily(type) });
}

export type Use = {
  field: AnyField;
  plan: FieldPlan;
  node: FieldNode;
  nodes: readonly FieldNode[];
  place: Place;
  /** Of a field of relatives. */
  isFamily: boolean;
};

/** The object type a plan gives; graphql-js has checked that the selection fits it. */
export function asObjectType(type: GraphQLOutputType): GraphQLObjectType {
  const named = getNamedType(type);
  if (!isObjectType(named)) throw new HubError('internal');
  return named;
}

function planSql(c: Compilation, use: Use): string {
  const { field, plan, node, nodes, place } = use;
  const w = writerFor(c, field, node, use.isFamily);
  if (plan.kind === 'value') return plan.sql(place.t, w);
  if (plan.kind === 'same-row') {
    return `(${objectJson(subColumns(c, asObjectType(field.type), nodes, place), '')})`;
  }
  if (plan.kind === 'connection')
    return connectionSql(c, { ...use, source: plan.source, within: plan.within }, w);
  if (plan.kind === 'node') return nodeSql(c, use, w);
  if (plan.kind === 'nodes') return nodesSql(c, use, w);
  const t = newAlias(c);
  const rows = plan.rows(place.t, t, w);
  if (plan.kind === 'row') {
    const columns = subColumns(c, asObjectType(field.type), nodes, { ...place, t });
    return `(${objectJson(marked(c, columns, rows.person), tailOf(rows, [], '1'))})`;
  }
  const limit = pageSize(c, field, node);
  const tail = tailOf(rows, filterSql(c, field, t, w), limit);
  const columns = subColumns(c, asObjectType(field.type), nodes, { ...place, t });
  return listJson(objectJson(marked(c, columns, rows.person), tail));
}
