/**
 * Turns delivered objects into rows of cells: where every value is text or null the row is an array
 * under one header; where one value is nested, the objects go on as they came.
 */
import type { DeliveredSheetRow } from './delivery.ts';

/** Beyond this many columns it is no table; such rows stay objects. */
const MOST_COLUMNS = 1000;
const KEPT_OF_BROKEN = 10_000;

type Shape = { add(row: unknown): void; row(sheet: string, value: unknown): DeliveredSheetRow };

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCell = (value: unknown): value is string | null =>
  value === null || typeof value === 'string';

/** A value that is no row: one cell that no reader accepts, so the next stage quarantines it. */
const broken = (value: unknown) => [`${JSON.stringify(value).slice(0, KEPT_OF_BROKEN)}\ufffd`];

/** Collects the columns over all rows first (`add`), then gives each row its form (`row`). */
export function rowShape(): Shape {
  const columns = new Set<string>();
  let isFlat = true;
  let header: readonly string[] | undefined;
  return {
    add(row) {
      if (!isFlat || !isObject(row)) return;
      for (const [name, value] of Object.entries(row)) {
        columns.add(name);
        if (!isCell(value)) isFlat = false;
      }
      if (columns.size > MOST_COLUMNS) isFlat = false;
    },
    row(sheet, value) {
      header ??= [...columns];
      if (!isObject(value)) return { sheet, header, cells: broken(value) };
      if (!isFlat) {
        header = keysOf(value, header);
        return { sheet, header, cells: value };
      }
      const cells = header.map((name) => {
        const cell = Object.hasOwn(value, name) ? value[name] : null;
        return isCell(cell) ? cell : null;
      });
      return { sheet, header, cells };
    },
  };
}

/** An object's own keys; the very same list as the row before where they are the same. */
export function keysOf(value: object, before: readonly string[]): readonly string[] {
  const keys = Object.keys(value);
  const isSame = keys.length === before.length && keys.every((key, at) => key === before[at]);
  return isSame ? before : keys;
}
