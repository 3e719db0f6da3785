/**
 * `node` and `nodes`: any object by its global id, through the same fields, grants and rows as every
 * other way. An id of nothing, of a hidden row or of no type gives null, all alike.
 */
import { type GraphQLObjectType, isObjectType } from 'graphql';
import { argument, type Compilation, newAlias, placeholder, visible } from './compilation.ts';
import { marked, objectJson, subColumns, type Use } from './compile-object.ts';
import type { Source, TypeExtensions, Writer } from './field-plan.ts';
import { keysOfIds, rowOfId, typeNameOf } from './global-id.ts';
import { invalidRequest } from './refused-request.ts';

const MOST_IDS = 100;

type NodeType = { type: GraphQLObjectType; source: Source };

/** The type an id names, if it is one that has global ids. */
function nodeType(c: Compilation, id: unknown): NodeType | undefined {
  const name = typeNameOf(id);
  const type = name === undefined ? undefined : c.schema.getType(name);
  if (!isObjectType(type)) return undefined;
  // Written by the builder's helper for types with ids; graphql-js knows it as unknown.
  const { source } = type.extensions as Partial<TypeExtensions>;
  return source && { type, source };
}

export function nodeSql(c: Compilation, use: Use, w: Writer): string {
  const found = nodeType(c, w.choice('id'));
  if (!found) return 'null::json';
  return byIdSql(c, found, use, (transform) => w.bind(['id'], transform));
}

type Bind = Parameters<typeof rowOfId>[3];

export function byIdSql(
  c: Compilation,
  { type, source }: NodeType,
  use: Pick<Use, 'nodes' | 'place'>,
  bind: Bind,
) {
  const t = newAlias(c);
  const where = [...rowOfId(type.name, source, t, bind), ...visible(c, source, t)];
  const columns = marked(
    c,
    subColumns(c, type, use.nodes, { ...use.place, t }),
    source.person?.(t),
  );
  return `(${objectJson(columns, `from ${source.table} ${t} where ${where.join(' and ')} limit 1`)})`;
}

/** One sub-select per type among the ids; the answer keeps the order of the ids. */
export function nodesSql(c: Compilation, use: Use, w: Writer): string {
  const ids = w.choice('ids');
  if (!Array.isArray(ids)) return `'[]'::json`;
  const read = argument(use.field, use.node, ['ids']);
  const names = [...new Set(ids.map(typeNameOf))];
  const branches = names.flatMap((name) => {
    const found = nodeType(c, `${name}:x`);
    return found ? [branchSql(c, found, use, read)] : [];
  });
  const size = placeholder(c, ({ variables }) => String(checkCount(read(variables))));
  const value = branches.length === 0 ? 'null::json' : `coalesce(${branches.join(', ')})`;
  return `array_to_json(array(select ${value} from generate_series(1, ${size}::int) n order by n))`;
}

function checkCount(ids: unknown): number {
  const length = Array.isArray(ids) ? ids.length : 0;
  if (length > MOST_IDS)
    throw invalidRequest(`ids 最多 ${MOST_IDS} 个`, `ids holds at most ${MOST_IDS}`);
  return length;
}

function branchSql(
  c: Compilation,
  { type, source }: NodeType,
  use: Use,
  read: ReturnType<typeof argument>,
): string {
  const t = newAlias(c);
  const match = source.keys.map(({ column, type: keyType }, n) => {
    const keys = placeholder(c, (run) =>
      keysOfIds(type.name, source, n)(read(run.variables), run.runtime),
    );
    return `${t}.${column} = (${keys}::${keyType}[])[n]`;
  });
  const where = [...match, ...visible(c, source, t)].join(' and ');
  const columns = marked(
    c,
    subColumns(c, type, use.nodes, { ...use.place, t }),
    source.person?.(t),
  );
  return `(${objectJson(columns, `from ${source.table} ${t} where ${where} limit 1`)})`;
}
