/** Rows nested in one column of a declaration, each field read by name like a column. */
import type { JsonValue, MapKit, TypedRow } from '../kit/record.ts';
import type { Section, Values } from './sections.ts';

const MOST_ROWS = 500;

/** The rows of a section; an absent section has none. A field nobody agreed on is not passed over. */
export function readSection(
  row: TypedRow,
  { column: section, columns }: Pick<Section, 'column' | 'columns'>,
  kit: MapKit,
): Values[] {
  const rows = row.raw.cells[section] ?? [];
  if (!Array.isArray(rows)) return kit.reject('row.shape', section);
  if (rows.length > MOST_ROWS) return kit.reject('value.too-long', section);
  return rows.map((value: unknown) => {
    if (typeof value !== 'object' || value === null) return kit.reject('row.shape', section);
    const cells = new Map<string, unknown>(Object.entries(value));
    for (const name of cells.keys()) {
      if (!Object.hasOwn(columns, name)) {
        kit.reject('row.shape', `${section}.${name}`.slice(0, 100));
      }
    }
    const values: Record<string, JsonValue> = {};
    for (const [name, { field, type, required = false, codes, ahead = false }] of Object.entries(
      columns,
    )) {
      const options = codes === undefined ? { required, ahead } : { required, codes, ahead };
      values[field] = kit.read(cells.get(name), type, `${section}.${name}`, options);
    }
    return values;
  });
}
