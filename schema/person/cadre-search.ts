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

/**
 * Codes of the units with such a name, the newest a unit has had: the one the link stage writes into
 * `person`. Units are some ten thousand at most, and open to every actor.
 */
function unitsNamed(w: Writer, path: string[]): string {
  const [u, v] = [w.alias(), w.alias()];
  return `array(select ${u}.unit_code from hub.unit ${u}
    where ${u}.name like ${w.bind(path, contained)}::text and not exists (select 1 from hub.unit ${v}
      where ${v}.unit_code = ${u}.unit_code
        and (${v}.known_to, ${v}.known_from) > (${u}.known_to, ${u}.known_from)))`;
}

export const unitNameContains: Where = (t, w, path) =>
  `${t}.unit_code = any(${unitsNamed(w, path)})`;

const counted = (w: Writer, kind: string, key: (c: string) => string): string => {
  const c = w.alias();
  return `(select coalesce(sum(${c}.n), 0)::int from hub.cadre_count ${c}
    where ${c}.kind = '${kind}' and ${key(c)} and ${w.managed(c)})`;
};

const all = (w: Writer) => counted(w, 'all', (c) => `${c}.key = ''`);

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
  unitName: (w) =>
    counted(w, 'unit', (c) => `${c}.key = any(${unitsNamed(w, ['filter', 'unitName'])})`),
};

/** How many officials there are where at most one thing is asked of them; else they are counted. */
export function cadreTotal(w: Writer): string | undefined {
  const given = Object.keys(w.choice('filter') ?? {}).filter((name) => w.has('filter', name));
  const [name, ...more] = given;
  if (name === undefined) return all(w);
  return more.length === 0 ? TOTALS[name]?.(w) : undefined;
}
