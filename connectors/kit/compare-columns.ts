/**
 * The columns of a delivery against the contract. Every delivered column is mapped, ignored or
 * dropped by name; whatever is left over or missing is drift and is reported, never shifted.
 */
import type { Sheet } from './manifest.ts';
import { compact } from './values/fold.ts';

export type ColumnDrift = { added: string[]; missing: string[]; doubled: string[] };

/** What differs between a delivered header and the sheet's columns; the order does not matter. */
export function compareColumns(sheet: Sheet, header: readonly string[]): ColumnDrift {
  const delivered = new Set(header);
  const expected = Object.entries(sheet.columns).filter(([, column]) => isRead(column));
  return {
    added: [...delivered].filter((name) => !Object.hasOwn(sheet.columns, name)),
    missing: expected.map(([name]) => name).filter((name) => !delivered.has(name)),
    doubled: [...delivered].filter((name) => header.indexOf(name) !== header.lastIndexOf(name)),
  };
}

/** Nobody misses a column that is ignored, and least of all one that is dropped. */
export const isRead = (column: Sheet['columns'][string]): boolean => !column.ignore && !column.drop;

type Cells = readonly (string | null)[] | Readonly<Record<string, unknown>>;

const isList = (cells: Cells): cells is readonly (string | null)[] => Array.isArray(cells);

/**
 * Removes the columns marked `drop` from header and cells, before anything is stored. Names are
 * compared without spaces and in half width, so that a slip of the pen opens no door.
 */
export function dropSealed<C extends Cells>(
  sheet: Sheet,
  header: readonly string[],
  cells: C,
): { header: readonly string[]; cells: Cells } {
  const sealed = new Set(
    Object.entries(sheet.columns).flatMap(([name, column]) => (column.drop ? [compact(name)] : [])),
  );
  if (sealed.size === 0) return { header, cells };
  const isKept = (name: string) => !sealed.has(compact(name));
  return { header: header.filter(isKept), cells: keptCells(header, cells, isKept) };
}

function keptCells(
  header: readonly string[],
  cells: Cells,
  isKept: (name: string) => boolean,
): Cells {
  if (!isList(cells)) {
    return Object.fromEntries(Object.entries(cells).filter(([name]) => isKept(name)));
  }
  // Cells that do not line up with the header may hold a sealed value anywhere: keep none of them.
  // The empty row is then quarantined for its shape.
  if (cells.length !== header.length) return [];
  return cells.filter((_, index) => isKept(header[index] ?? ''));
}
