/**
 * Ids that name an object of any type: `Cadre:<uuid>`, and for facts `Home:<person>.<fact>`. They
 * hold keys made by the hub only; a number or name of a person never stands in one. Being able to
 * write an id gives no right to what it names. Cursors are global ids, too.
 */
import type { KeyType, Source, Transform } from './field-plan.ts';

const GLOBAL_ID = /^([A-Z][A-Za-z]{1,40}):([A-Za-z0-9._@-]{1,120})$/;
/** What a part must look like to be compared with its column at all. */
const WRITTEN: Readonly<Record<KeyType, RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  bigint: /^\d{1,18}$/,
  text: /^/,
};

export const typeNameOf = (id: unknown): string | undefined =>
  typeof id === 'string' ? GLOBAL_ID.exec(id)?.[1] : undefined;

/** SQL of the global id of the row `t`. */
export const globalIdSql = (typeName: string, source: Source, t: string): string =>
  `'${typeName}:' || ${source.keys.map(({ column }) => `${t}.${column}::text`).join(" || '.' || ")}`;

/** One part of an id, or null where the id is of another type or no id at all. */
const part =
  (typeName: string, source: Source, position: number): Transform =>
  (id) => {
    const match = typeof id === 'string' ? GLOBAL_ID.exec(id) : null;
    if (match?.[1] !== typeName) return null;
    const rest = match[2] ?? '';
    const parts = source.keys.length === 1 ? [rest] : rest.split('.');
    const value = parts[position];
    const type = source.keys[position]?.type;
    if (value === undefined || type === undefined || parts.length !== source.keys.length)
      return null;
    return WRITTEN[type].test(value) ? value : null;
  };

/** Conditions that hold for exactly the row an id names. */
export const rowOfId = (
  typeName: string,
  source: Source,
  t: string,
  bind: (transform: Transform) => string,
): string[] =>
  source.keys.map(
    ({ column, type }, n) => `${t}.${column} = ${bind(part(typeName, source, n))}::${type}`,
  );

/** The key of each id of this type among several, as parallel array literals. */
export const keysOfIds =
  (typeName: string, source: Source, position: number): Transform =>
  (ids, runtime) => {
    const each = part(typeName, source, position);
    const list = Array.isArray(ids) ? ids : [];
    return `{${list.map((id) => each(id, runtime) ?? 'null').join(',')}}`;
  };
