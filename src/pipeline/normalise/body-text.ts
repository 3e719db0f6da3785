/**
 * What a record says, as it is kept: its values in the order of the fact table's columns, without their
 * names, which stand once on the page. And as it is compared: names and values of what it does say, so
 * that a column nobody fills yet makes no old statement a new one.
 */
import type { JsonValue } from '../../../connectors/kit/record.ts';
import type { FactColumn, FactTable } from '../../../schema/fact-table.ts';
import { type Check, checkOf, type Misfit } from './fact-shape.ts';

export type BodyText = {
  /** JSON array. */
  json: string;
  /** Equal where two records of a kind say the same. */
  said: string;
};

/** Text that JSON writes as it is. */
const PLAIN = /^[ !#-[\]-\ud7ff]*$/;

const jsonOf = (value: JsonValue): string =>
  typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);

/** The names of fields that say something, found along the way: as many sets as occur, made once. */
type Named = { names: string; next: (Named | undefined)[] };

const name = (named: Named, field: string, place: number): Named => {
  const known = named.next[place];
  if (known) return known;
  const made = { names: `${named.names}${field},`, next: [] };
  named.next[place] = made;
  return made;
};

type Column = Pick<FactColumn, 'field' | 'isRequired'> & {
  check: Check;
  /** Neighbours often agree: the value seen last, which fitted, and its JSON. */
  last: JsonValue;
  json: string;
};

/** Writes bodies of one kind, or finds the first field that does not fit the table. */
export function bodyWriter(
  table: FactTable,
): (body: Readonly<Record<string, JsonValue>>) => BodyText | Misfit {
  const columns = table.columns.map(
    ({ field, isRequired, type }): Column => ({
      field,
      isRequired,
      check: checkOf(type),
      last: null,
      json: 'null',
    }),
  );
  const nothing: Named = { names: '', next: [] };
  return (body) => {
    let json = '';
    // Differs from `json` from the first null on only.
    let said: string | undefined;
    let named = nothing;
    let place = 0;
    for (const column of columns) {
      const { field } = column;
      const value = body[field] ?? null;
      if (value === null) {
        if (column.isRequired) return { field, reason: 'value.missing' };
        said ??= json;
        json += ',null';
      } else {
        if (value !== column.last) {
          const reason = column.check(value);
          if (reason) return { field, reason };
          column.last = value;
          column.json = `,${jsonOf(value)}`;
        }
        json += column.json;
        if (said !== undefined) said += column.json;
        named = name(named, field, place);
      }
      place += 1;
    }
    return { json: `[${json.slice(1)}]`, said: named.names + (said ?? json) };
  };
}
