/**
 * Compiles a manifest into the function that reads one delivered row. All names are resolved once;
 * per row there is one pass over the columns. A row gives its records or one reason, never both,
 * and bad data never throws.
 */

import {
  fieldsOf,
  identityReader,
  objectBuilder,
  type Reader,
  recordBuilder,
} from './build-record.ts';
import { isRead } from './compare-columns.ts';
import { type Horizon, isPast, isWithin } from './horizon.ts';
import type { Manifest, Sheet } from './manifest.ts';
import { mapKit, RowRejected } from './map-kit.ts';
import { cellReader } from './read-column.ts';
import type {
  DeliveredRow,
  FactRecord,
  JsonValue,
  MapRow,
  RecordIdentity,
  RowResult,
} from './record.ts';
import { recordSheets } from './record-sheets.ts';

/** The records a row would be that was returned, as far as their keys can be read. */
export type IdentifyCells = (cells: unknown) => RecordIdentity[];

export type ReadCells = (cells: readonly unknown[], horizon?: Horizon) => RowResult;

export type Feed = {
  /** Reads a row given by column name; within a horizon, dates of the past are held against it. */
  interpret(row: DeliveredRow, horizon?: Horizon): RowResult;
  /** Prepares for rows given as cells in the order of a header; the fast way for flat feeds. */
  interpreter(sheet: string, header: readonly string[]): ReadCells;
  identifier(sheet: string, header: readonly string[]): IdentifyCells;
};

const rejection = (reason: 'row.shape'): RowResult => ({
  rejection: { reason, column: null },
});

/** `map` is the feed's own map.ts, when YAML cannot say it. */
export function defineFeed(manifest: Manifest, map?: MapRow): Feed {
  const sheets = new Map(
    Object.entries(manifest.sheets).map(([name, sheet]) => [
      name,
      compileSheet(name, sheet, manifest, map),
    ]),
  );
  return {
    interpret(row, horizon) {
      const sheet = sheets.get(row.sheet);
      // A list is what the readers give for a line they could not read.
      if (sheet === undefined || Array.isArray(row.cells)) return rejection('row.shape');
      const cells = sheet.columns.map((column) => row.cells[column]);
      return sheet.interpret(cells, sheet.inOrder, row, horizon);
    },
    identifier(name, header) {
      const sheet = sheets.get(name);
      if (sheet === undefined) return () => [];
      const places = sheet.columns.map((column) => header.indexOf(column));
      return (cells) => {
        if (typeof cells !== 'object' || cells === null) return [];
        if (!Array.isArray(cells)) {
          const named = cells as Readonly<Record<string, unknown>>;
          return sheet.identify(sheet.columns.map((column) => named[column]));
        }
        if (cells.length !== header.length) return [];
        return sheet.identify(places.map((place) => (place < 0 ? null : cells[place])));
      };
    },
    interpreter(name, header) {
      const sheet = sheets.get(name);
      if (sheet === undefined) return () => rejection('row.shape');
      const places = sheet.columns.map((column) => header.indexOf(column));
      return (cells, horizon) => {
        // A row that does not line up with its header is never read shifted.
        if (cells.length !== header.length) return rejection('row.shape');
        return sheet.interpret(
          cells,
          places,
          map === undefined ? null : byName(name, header, cells),
          horizon,
        );
      };
    },
  };
}

/** Null prototype: a column named `__proto__` is a name like any other. */
function byName(sheet: string, header: readonly string[], cells: readonly unknown[]): DeliveredRow {
  const named: Record<string, unknown> = Object.create(null);
  header.forEach((column, place) => {
    named[column] = cells[place];
  });
  return { sheet, cells: named };
}

function compileSheet(name: string, sheet: Sheet, manifest: Manifest, map: MapRow | undefined) {
  const readers = readersOf(sheet, manifest);
  const builders = recordSheets(sheet).map((one) => recordBuilder(one, fieldsOf(one, readers)));
  const identities = recordSheets(sheet).map((one) => identityReader(one, fieldsOf(one, readers)));
  const named = objectBuilder(readers);
  let current: Horizon | undefined;
  const kit = mapKit(manifest, () => current);
  return {
    columns: readers.map((reader) => reader.column),
    identify(raws: readonly unknown[]): RecordIdentity[] {
      const cells = readers.map((reader, place) => reader.read(raws[place]));
      const values = cells.map((cell) => ('value' in cell ? cell.value : null));
      const isRead = (place: number) => 'value' in (cells[place] ?? {});
      return identities.flatMap((identify) => identify(values, isRead) ?? []);
    },
    inOrder: readers.map((_, place) => place),
    /** `places` says where in the cells each column stands; -1 where it is not. */
    interpret(
      cells: readonly unknown[],
      places: readonly number[],
      raw: DeliveredRow | null,
      horizon?: Horizon,
    ): RowResult {
      current = horizon;
      const values: JsonValue[] = new Array(readers.length);
      let at = 0;
      for (const reader of readers) {
        const place = places[at] ?? -1;
        const cell = reader.read(place < 0 ? null : cells[place]);
        if ('reason' in cell) return { rejection: { reason: cell.reason, column: reader.column } };
        if (horizon && reader.isPast && !isWithin(cell.value, horizon)) {
          return { rejection: { reason: 'value.in-future', column: reader.column } };
        }
        values[at++] = cell.value;
      }
      const records: FactRecord[] = [];
      for (const build of builders) {
        const result = build(values);
        if (result === null) continue;
        if ('rejection' in result) return result;
        records.push(result);
      }
      if (map !== undefined && raw !== null) {
        const typed = { sheet: name, values: named(values), raw, record: records[0] ?? null };
        return mapped(() => map(typed, kit));
      }
      return records.length === 0 ? rejection('row.shape') : { records };
    },
  };
}

/** map.ts stops at the first bad value by throwing; here it becomes a result again. */
function mapped(make: () => RowResult): RowResult {
  try {
    return make();
  } catch (error) {
    if (error instanceof RowRejected) return { rejection: error.rejection };
    throw error;
  }
}

const readersOf = (sheet: Sheet, manifest: Manifest): Reader[] =>
  Object.entries(sheet.columns).flatMap(([column, settings]) =>
    isRead(settings)
      ? [
          {
            column,
            field: settings.field ?? null,
            type: settings.type,
            inBody: !settings.mention,
            isPast: isPast(settings),
            read: cellReader(settings, manifest.codes),
          },
        ]
      : [],
  );
