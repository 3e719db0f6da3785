/**
 * Finding officials by name and unit, and how many there are, from the tables the link stage keeps for it
 * (person-search.table.ts): nobody else's row is looked at.
 */
import type { FilterExtensions, Transform, Writer } from '../../src/read/index.ts';
import { contained } from '../inputs.ts';
import { LONGEST_COUNTED, LONGEST_PIECE } from './person-search.table.ts';

type Where = FilterExtensions['where'];

/** The piece to look up: what was typed, or its end, for given names differ more than family names. */
const pieceOf: Transform = (typed) =>
  typeof typed === 'string' ? [...typed].slice(-LONGEST_PIECE).join('') : null;

const asTyped: Transform = (typed) => (typeof typed === 'string' ? typed : null);

const isEmpty = (w: Writer, path: string[]) => w.choice(...path) === '';

/** The name stands in both tables, so PostgreSQL may take a page by name from the index of pieces. */
export const nameContains: Where = (t, w, path) => {
  if (isEmpty(w, path)) return 'true';
  const n = w.alias();
  return `exists (select 1 from hub.cadre_name ${n} where ${n}.person_id = ${t}.person_id
      and ${n}.name = ${t}.name and ${n}.piece = ${w.bind(path, pieceOf)}::text)
    and ${t}.name like ${w.bind(path, contained)}::text`;
};

/** Counts of the units with such a name: some ten thousand rows are looked through, of few pages. */
const unitsNamed = (w: Writer, path: string[], what: (c: string) => string): string => {
  const c = w.alias();
  return `select ${what(c)} from hub.cadre_count ${c} where ${c}.kind = 'unit'
    and ${c}.name like ${w.bind(path, contained)}::text and ${c}.n > 0 and ${w.managed(c)}`;
};

/** Their codes, those without an official in the reader's scope left out. */
const unitCodes = (w: Writer, path: string[]) => unitsNamed(w, path, (c) => `${c}.key`);

/** How many officials they have. */
const inUnitsNamed = (w: Writer, path: string[]) =>
  unitsNamed(w, path, (c) => `coalesce(sum(${c}.n), 0)::int`);

export const unitNameContains: Where = (t, w, path) =>
  `${t}.unit_code = any(array(${unitCodes(w, path)}))`;

const counted = (w: Writer, kind: string, key: (c: string) => string): string => {
  const c = w.alias();
  return `(select coalesce(sum(${c}.n), 0)::int from hub.cadre_count ${c}
    where ${c}.kind = '${kind}' and ${key(c)} and ${w.managed(c)})`;
};

const all = (w: Writer) => counted(w, 'all', (c) => `${c}.key = ''`);

/**
 * Walking everyone by name until a page is full takes as many looks as a page has rows, times one in how
 * many passes; sorting what the index of units gives takes as many as pass. The first is less from here on.
 */
const ROWS_OF_A_PAGE = 50;

export const manyInUnitsNamed: FilterExtensions['whereMany'] = {
  when: (w, path) => `(${inUnitsNamed(w, path)})::float8 ^ 2 > ${ROWS_OF_A_PAGE} * ${all(w)}`,
  // "is true" keeps the list from becoming a join, which would begin with the units: it is hashed once.
  where: (t, w, path) => `(${t}.unit_code in (${unitCodes(w, path)})) is true`,
};

/** Short pieces are counted already; longer ones are in few names. */
function named(w: Writer): string {
  const path = ['filter', 'name'];
  if (isEmpty(w, path)) return all(w);
  const typed = `${w.bind(path, asTyped)}::text`;
  const n = w.alias();
  return `case when char_length(${typed}) <= ${LONGEST_COUNTED}
    then ${counted(w, 'piece', (c) => `${c}.key = ${typed}`)}
    else (select count(*)::int from hub.cadre_name ${n} where ${n}.piece = ${w.bind(path, pieceOf)}::text
      and ${w.managed(n)} and ${n}.name like ${w.bind(path, contained)}::text) end`;
}

const TOTALS: Readonly<Record<string, (w: Writer) => string>> = {
  name: named,
  unitCode: (w) =>
    counted(w, 'unit', (c) => `${c}.key = ${w.bind(['filter', 'unitCode'], asTyped)}::text`),
  unitName: (w) => `(${inUnitsNamed(w, ['filter', 'unitName'])})`,
};

/** How many officials there are where at most one thing is asked of them; else they are counted. */
export function cadreTotal(w: Writer): string | undefined {
  const given = Object.keys(w.choice('filter') ?? {}).filter((name) => w.has('filter', name));
  const [name, ...more] = given;
  if (name === undefined) return all(w);
  return more.length === 0 ? TOTALS[name]?.(w) : undefined;
}
