/**
 * Filters, sort keys and closed lists. What a filter or a sort key reads carries the grant of that
 * field: nobody may find out by filtering what they may not read. Values are always bound.
 */
import type { Grant } from '../src/access/grants.ts';
import type { FilterExtensions, Order, Transform, Writer } from '../src/read/index.ts';
import { builder, words } from './builder.ts';
import type { FilterRef, ListEnum, ValueType } from './fields.ts';

type Words = readonly [zh: string, en: string];

/** An enum of stored words: `in-service` is IN_SERVICE in the API. */
export const closedList = (
  name: string,
  [zh, en]: Words,
  values: Readonly<Record<string, Words>>,
): ListEnum =>
  builder.enumType(name, {
    description: words(zh, en),
    values: Object.fromEntries(
      Object.entries(values).map(([stored, [valueZh, valueEn]]) => [
        stored.toUpperCase().replaceAll('-', '_'),
        { description: words(valueZh, valueEn) },
      ]),
    ),
  });

type SortKey = { zh: string; en: string; grant: Grant; order: readonly Order[] };

/** The closed list of sort keys of a connection. */
export const sortKeys = (
  name: string,
  [zh, en]: Words,
  keys: Readonly<Record<string, SortKey>>,
): ListEnum =>
  builder.enumType(name, {
    description: words(zh, en),
    values: Object.fromEntries(
      Object.entries(keys).map(([key, { zh: keyZh, en: keyEn, grant, order }]) => [
        key,
        { description: words(keyZh, keyEn), extensions: { grant, order } },
      ]),
    ),
  });

type FilterField = {
  zh: string;
  en: string;
  grant: Grant;
  type: ValueType;
  isList?: boolean;
  where: FilterExtensions['where'];
  whereMany?: FilterExtensions['whereMany'];
};

export const filterInput = (
  name: string,
  [zh, en]: Words,
  fields: Readonly<Record<string, FilterField>>,
): FilterRef =>
  builder.inputType(name, {
    description: words(zh, en),
    fields: (t) =>
      Object.fromEntries(
        Object.entries(fields).map(
          ([field, { type, isList, grant, where, whereMany, ...said }]) => {
            const options = {
              description: words(said.zh, said.en),
              extensions: { grant, where, whereMany },
            };
            return [
              field,
              isList ? t.field({ ...options, type: [type] }) : t.field({ ...options, type }),
            ];
          },
        ),
      ),
  });

/** `IN_SERVICE` as it is stored. */
export const stored: Transform = (value) =>
  typeof value === 'string' ? value.toLowerCase().replaceAll('_', '-') : null;

const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** A list as PostgreSQL writes an array. */
export const arrayOf =
  (each: Transform): Transform =>
  (value, runtime) =>
    Array.isArray(value)
      ? `{${value.map((item) => quoted(each(item, runtime) ?? '')).join(',')}}`
      : null;

const asIs: Transform = (value) => (typeof value === 'string' ? value : null);

/** `%` and `_` in what was typed mean themselves. */
export const contained: Transform = (value) =>
  typeof value === 'string' ? `%${value.replaceAll(/[\\%_]/g, '\\$&')}%` : null;

type Where = FilterExtensions['where'];

export const equals =
  (name: string, type = 'text'): Where =>
  (t, w, path) =>
    `${t}.${name} = ${w.bind(path)}::${type}`;

/** One of several enum values. */
export const isOneOf =
  (name: string): Where =>
  (t, w, path) =>
    `${t}.${name} = any(${w.bind(path, arrayOf(stored))}::text[])`;

/** One of several texts, exactly as stored. */
export const isAnyOf =
  (name: string): Where =>
  (t, w, path) =>
    `${t}.${name} = any(${w.bind(path, arrayOf(asIs))}::text[])`;

export const notBefore =
  (name: string): Where =>
  (t, w, path) =>
    `${t}.${name} >= ${w.bind(path)}::date`;

export const notAfter =
  (name: string): Where =>
  (t, w, path) =>
    `${t}.${name} <= ${w.bind(path)}::date`;

/** A boolean filter decides the text of the statement; it is never bound. */
export const when =
  (condition: (t: string, w: Writer) => string): Where =>
  (t, w, path) =>
    w.choice(...path) === true ? condition(t, w) : `not (${condition(t, w)})`;
