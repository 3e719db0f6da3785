/**
 * How a row names what is no person: a company by its credit code, or by name and address where it
 * has none. The pipeline turns the name into the key under which every feed finds that company.
 */
import { keyForm } from './key-form.ts';
import type { Naming, Sheet } from './manifest.ts';
import type { JsonValue, SubjectMention } from './record.ts';

/** Between the parts of a name made of several; no folded part holds it. */
const PART_END = '\n';

/** Reads the name from a row's values; null where no list of fields is filled in completely. */
export function namingReader(
  { kind, by }: Naming,
  placeOf: (field: string) => number,
): (values: readonly JsonValue[]) => SubjectMention | null {
  const lists = by.map((fields) => fields.map(placeOf));
  return (values) => {
    for (const places of lists) {
      const parts = places.map((place) => keyForm(values[place]));
      if (!parts.includes('')) return { scheme: kind, number: parts.join(PART_END) };
    }
    return null;
  };
}

/** The delivered column that names it first: what a clerk must fill in. */
export function namedBy({ by }: Naming, { columns }: Pick<Sheet, 'columns'>): string | null {
  const first = by[0]?.[0];
  return Object.entries(columns).find(([, { field }]) => field === first)?.[0] ?? null;
}
