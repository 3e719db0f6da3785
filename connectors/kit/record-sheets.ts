/**
 * A sheet whose rows speak of several people or things, taken apart: for each of its `records` the
 * sheet as it would be if its rows spoke of that one alone. A sheet without `records` is itself.
 */
import type { Column, Sheet } from './manifest.ts';

export type RecordSheet = Sheet & {
  /** The record exists where this column is filled in; always when absent. */
  when?: string | undefined;
  /** Columns that belong to this record alone. */
  own: readonly string[];
};

/** One sheet per record, with all columns of the row; those of other records have no field. */
export function recordSheets({ records, ...sheet }: Sheet): RecordSheet[] {
  if (records === undefined) return [{ ...sheet, own: [] }];
  const named = new Set(records.flatMap(({ columns }) => Object.keys(columns)));
  return records.map(({ columns, when, required: needed, ...change }) => {
    const columnOf = ([name, column]: [string, Column]): [string, Column] => {
      const { field, ...settings } = column;
      const own = named.has(name) ? columns[name] : field;
      // Where the record exists at all, what says so is filled in.
      const required = settings.required || name === when || needed.includes(name);
      return [name, { ...settings, required, ...(own === undefined ? {} : { field: own }) }];
    };
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    return {
      ...sheet,
      ...Object.fromEntries(given),
      columns: Object.fromEntries(Object.entries(sheet.columns).map(columnOf)),
      when,
      own: Object.keys(columns),
    };
  });
}
