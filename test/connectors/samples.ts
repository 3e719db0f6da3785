/** Reads the sample delivery of a feed as the transports do, whatever its format. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connector, compareColumns, dropSealed } from '../../connectors/kit/index.ts';
import type { RowResult } from '../../connectors/kit/record.ts';
import { deliveriesFrom } from '../../src/transports/index.ts';

type Cells = readonly (string | null)[] | Readonly<Record<string, unknown>>;
export type SampleRow = { sheet: string; header: readonly string[]; cells: Cells };

export const sampleFile = ({ folder }: Connector): string => {
  const names = readdirSync(folder).filter((name) => name.startsWith('sample.'));
  if (names.length !== 1 || names[0] === undefined)
    throw new Error(`one sample per feed: ${folder}`);
  return join(folder, names[0]);
};

/** The rows as delivered: nothing dropped yet. */
export async function* sampleRows(connector: Connector): AsyncGenerator<SampleRow> {
  const file = sampleFile(connector);
  if (file.endsWith('.json')) yield* jsonRows(file);
  else for await (const { sheets } of deliveriesFrom(connector, file)) yield* sheets;
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
