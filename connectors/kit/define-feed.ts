/**
 * Compiles a manifest into the function that reads one delivered row. All names are resolved once;
 * per row there is one pass over the columns. A row gives its records or one reason, never both,
 * and bad data never throws.
 */

import { isRead } from './compare-columns.ts';
import { keyForm } from './key-form.ts';
import type { Column, Manifest, Sheet } from './manifest.ts';
import { mapKit, RowRejected } from './map-kit.ts';
import { cellReader, type ReadCell } from './read-column.ts';
import type {
  DeliveredRow,
  FactRecord,
  JsonValue,
  MapRow,
  PersonMention,
  RowResult,
} from './record.ts';

type Scheme = PersonMention['scheme'];
type Reader = { column: string; field: string; inBody: boolean; read: ReadCell };
type Values = Record<string, JsonValue>;

export type Feed = {
  /** Reads a row given by column name. */
  interpret(row: DeliveredRow): RowResult;
  /** Prepares for rows given as cells in the order of a header; the fast way for flat feeds. */
  interpreter(sheet: string, header: readonly string[]): (cells: readonly unknown[]) => RowResult;
};

const rejection = (reason: 'row.shape' | 'value.undecodable'): RowResult => ({
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
    interpret(row) {
      const sheet = sheets.get(row.sheet);
      if (sheet === undefined) return rejection('row.shape');
      return sheet.interpret(
        sheet.columns.map((column) => row.cells[column]),
        row,
      );
    },
    interpreter(name, header) {
      const sheet = sheets.get(name);
      if (sheet === undefined) return () => rejection('row.shape');
      const places = sheet.columns.map((column) => header.indexOf(column));
      return (cells) => {
        // A row that does not line up with its header is never read shifted.
        if (cells.length !== header.length) return rejection('row.shape');
        const raws = places.map((place) => (place < 0 ? null : cells[place]));
        return sheet.interpret(raws, map === undefined ? null : byName(name, header, cells));
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
  const toRecord = recordBuilder(sheet);
  const kit = mapKit(manifest);
  return {
    columns: readers.map((reader) => reader.column),
    interpret(raws: readonly unknown[], raw: DeliveredRow | null): RowResult {
      const values: Values = {};
      const body: Values = {};
      let place = 0;
      for (const reader of readers) {
        const cell = reader.read(raws[place++]);
        if (!('value' in cell)) {
          return { rejection: { reason: cell.reason, column: reader.column } };
        }
        values[reader.field] = cell.value;
        if (reader.inBody) body[reader.field] = cell.value;
      }
      const record = toRecord?.(values, body) ?? null;
      if (map !== undefined && raw !== null) {
        return mapped(() => map({ sheet: name, values, raw, record }, kit));
      }
      return record === null ? rejection('row.shape') : { records: [record] };
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
    isRead(settings) && settings.field !== undefined
      ? [
          {
            column,
            field: settings.field,
            inBody: !settings.mention,
            read: cellReader(settings, manifest.codes),
          },
        ]
      : [],
  );

const schemeOf = (column: Column | undefined): Scheme | null =>
  column?.type === 'resident-id' || column?.type === 'travel-document' ? column.type : null;

function recordBuilder(sheet: Sheet): ((values: Values, body: Values) => FactRecord) | null {
  if (sheet.record === undefined) return null;
  const kind = sheet.record;
  const columns = new Map(
    Object.values(sheet.columns)
      .filter(isRead)
      .map((column) => [column.field, column]),
  );
  const keySchemes = sheet.key.map((field) => schemeOf(columns.get(field)));
  const person = personReader(sheet, schemeOf(columns.get(sheet.person)));
  return (values, body) => ({
    kind,
    key: sheet.key.map((field) => keyForm(values[field])),
    keySchemes,
    person: person(values),
    body,
  });
}

function personReader(
  { person, personName }: Sheet,
  scheme: Scheme | null,
): (values: Values) => PersonMention | null {
  if (person === undefined || scheme === null) return () => null;
  const nameOf = (values: Values) => {
    const name = personName === undefined ? null : values[personName];
    return typeof name === 'string' ? name : null;
  };
  return (values) => ({ scheme, number: String(values[person]), name: nameOf(values) });
}
