/** Rows nested in one column of a declaration, each field read by name like a column. */
import type { ColumnType } from '../kit/manifest.ts';
import type { JsonValue, MapKit, ReadOptions, TypedRow } from '../kit/record.ts';

const MOST_ROWS = 500;

/** Reads one field of a nested row; what is wrong is reported as `section.field`. */
export type SectionRow = {
  read(field: string, type: ColumnType, options?: ReadOptions): JsonValue;
};

/** The rows of a section; an absent section has none. A field nobody agreed on is not passed over. */
export function readSection(
  row: TypedRow,
  section: string,
  fields: readonly string[],
  kit: MapKit,
): SectionRow[] {
  const rows = row.raw.cells[section] ?? [];
  if (!Array.isArray(rows)) return kit.reject('row.shape', section);
  if (rows.length > MOST_ROWS) return kit.reject('value.too-long', section);
  return rows.map((value: unknown) => {
    if (typeof value !== 'object' || value === null) return kit.reject('row.shape', section);
    const cells = new Map<string, unknown>(Object.entries(value));
    for (const field of cells.keys()) {
      if (!fields.includes(field)) kit.reject('row.shape', `${section}.${field}`.slice(0, 100));
    }
    return {
      read: (field, type, options) =>
        kit.read(cells.get(field), type, `${section}.${field}`, options),
    };
  });
}
