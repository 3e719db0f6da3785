/** Reads the sample delivery of a feed as the transports do, whatever its format. */
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesPerRecord } from '../../connectors/kit/cell-limits.ts';
import { type Connector, compareColumns, dropSealed } from '../../connectors/kit/index.ts';
import { readCsv } from '../../connectors/kit/read-csv.ts';
import { readNdjson } from '../../connectors/kit/read-ndjson.ts';
import { readXlsx } from '../../connectors/kit/read-xlsx.ts';
import type { RowResult } from '../../connectors/kit/record.ts';

type Cells = readonly (string | null)[] | Readonly<Record<string, unknown>>;
export type SampleRow = { sheet: string; header: readonly string[]; cells: Cells };

export const sampleFile = ({ folder }: Connector): string => {
  const names = readdirSync(folder).filter((name) => name.startsWith('sample.'));
  if (names.length !== 1 || names[0] === undefined)
    throw new Error(`one sample per feed: ${folder}`);
  return join(folder, names[0]);
};

const sheetOf = (connector: Connector, source?: string): string => {
  const sheets = Object.entries(connector.manifest.sheets);
  const found = source === undefined ? sheets[0] : sheets.find(([, s]) => s.source === source);
  if (found === undefined) throw new Error(`no sheet for ${source}`);
  return found[0];
};

/** The rows as delivered: nothing dropped yet. */
export async function* sampleRows(connector: Connector): AsyncGenerator<SampleRow> {
  const file = sampleFile(connector);
  if (file.endsWith('.csv')) yield* csvRows(connector, file);
  if (file.endsWith('.xlsx')) yield* xlsxRows(connector, file);
  if (file.endsWith('.ndjson')) yield* ndjsonRows(connector, file);
  if (file.endsWith('.json')) yield* jsonRows(file);
}

async function* csvRows(connector: Connector, file: string): AsyncGenerator<SampleRow> {
  const [sheet] = Object.values(connector.manifest.sheets);
  const options = sheet === undefined ? {} : { lines: linesPerRecord(sheet) };
  let header: string[] | undefined;
  for await (const cells of readCsv(createReadStream(file), 'utf-8', options)) {
    if (header === undefined) header = cells;
    else yield { sheet: sheetOf(connector), header, cells };
  }
}

async function* xlsxRows(connector: Connector, file: string): AsyncGenerator<SampleRow> {
  const headers = new Map<string, string[]>();
  for await (const { worksheet, cells } of readXlsx(readFileSync(file), { feed: connector.id })) {
    const header = headers.get(worksheet);
    if (header === undefined)
      headers.set(
        worksheet,
        cells.map((cell) => cell ?? ''),
      );
    else yield { sheet: sheetOf(connector, worksheet), header, cells };
  }
}

async function* ndjsonRows(connector: Connector, file: string): AsyncGenerator<SampleRow> {
  for await (const cells of readNdjson(createReadStream(file))) {
    const header = Array.isArray(cells) ? [] : Object.keys(cells);
    yield { sheet: sheetOf(connector), header, cells };
  }
}

function* jsonRows(file: string): Generator<SampleRow> {
  const sheets = JSON.parse(readFileSync(file, 'utf8')) as Record<
    string,
    Record<string, unknown>[]
  >;
  for (const [sheet, rows] of Object.entries(sheets)) {
    for (const cells of rows) yield { sheet, header: Object.keys(cells), cells };
  }
}

/** What the landing stage keeps of a row. */
export function landed(connector: Connector, { sheet, header, cells }: SampleRow): SampleRow {
  const settings = connector.manifest.sheets[sheet];
  if (settings === undefined) throw new Error(`no sheet ${sheet}`);
  return { sheet, ...dropSealed(settings, header, cells) };
}

/** Columns of the sample that are not in the contract, and the other way round. */
export const driftOf = (connector: Connector, { sheet, header }: SampleRow) => {
  const settings = connector.manifest.sheets[sheet];
  return settings === undefined ? undefined : compareColumns(settings, header);
};

export function interpreted(connector: Connector, { sheet, header, cells }: SampleRow): RowResult {
  if (isList(cells)) return connector.interpreter(sheet, header)(cells);
  return connector.interpret({ sheet, cells });
}

const isList = (cells: Cells): cells is readonly (string | null)[] => Array.isArray(cells);

/** The row by column name, with some cells replaced. */
export function withCells(
  row: SampleRow,
  changes: Readonly<Record<string, unknown>>,
): { sheet: string; cells: Record<string, unknown> } {
  const { cells } = row;
  const named = isList(cells)
    ? Object.fromEntries(row.header.map((column, place) => [column, cells[place]]))
    : { ...cells };
  return { sheet: row.sheet, cells: { ...named, ...changes } };
}
