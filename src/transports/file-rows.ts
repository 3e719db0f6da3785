/** The rows of one delivered file, by its format, under the sheet names of feed.yml. */
import { linesPerRecord } from '../../connectors/kit/cell-limits.ts';
import { type Charset, readCsvBlocks } from '../../connectors/kit/read-csv.ts';
import { readNdjson } from '../../connectors/kit/read-ndjson.ts';
import { readXlsx } from '../../connectors/kit/read-xlsx.ts';
import { HubError } from '../base/errors.ts';
import { type CheckedFile, sameBytes, sameFile } from './delivered-file.ts';
import type { DeliveredSheetRow, Feed } from './delivery.ts';
import type { NamedFile } from './file-names.ts';
import { isObject, keysOf } from './object-rows.ts';

type Rows = AsyncIterable<DeliveredSheetRow>;
export type FileToRead = {
  feed: Feed;
  file: CheckedFile;
  named: NamedFile;
  /** Of a CSV file. */
  charset: Charset;
  drift(note: string): void;
};

/** Streams the rows; fails at the end when they are not as many as the manifest beside declares. */
export async function* readRows(read: FileToRead): AsyncGenerator<DeliveredSheetRow> {
  const { feed, file, named } = read;
  const sheet = named.sheet ?? '';
  let rows = 0;
  for await (const row of named.format === 'xlsx' ? workbookRows(read) : textRows(read, sheet)) {
    rows += 1;
    yield row;
  }
  if (file.rows !== undefined && file.rows !== rows) {
    throw new HubError('source.truncated', { feed: feed.id });
  }
}

function textRows(read: FileToRead, sheet: string): Rows {
  const bytes = sameBytes(read.feed.id, read.file);
  return read.named.format === 'csv' ? csvRows(read, sheet, bytes) : jsonRows(sheet, bytes);
}

async function* csvRows(
  { feed, charset }: FileToRead,
  sheet: string,
  bytes: AsyncIterable<Uint8Array>,
) {
  const { [sheet]: settings } = feed.manifest.sheets;
  const options = settings ? { lines: linesPerRecord(settings) } : {};
  let header: readonly string[] | undefined;
  for await (const block of readCsvBlocks(bytes, charset, options)) {
    for (const cells of block) {
      if (header) yield { sheet, header, cells };
      else header = cells;
    }
  }
}

/** Lines that could not be read wait for the first object: its keys are the columns they lack. */
async function* jsonRows(sheet: string, bytes: AsyncIterable<Uint8Array>) {
  let header: readonly string[] | undefined;
  let waiting: string[][] = [];
  for await (const row of readNdjson(bytes)) {
    if (isObject(row)) {
      header = keysOf(row, header ?? []);
      for (const cells of waiting) yield { sheet, header, cells };
      waiting = [];
      yield { sheet, header, cells: row };
    } else if (header) yield { sheet, header, cells: row };
    else waiting.push(row);
  }
  for (const cells of waiting) yield { sheet, header: [], cells };
}

async function* workbookRows({ feed, file, drift }: FileToRead): AsyncGenerator<DeliveredSheetRow> {
  const { id, manifest } = feed;
  const sheetOf = new Map(Object.entries(manifest.sheets).map(([name, it]) => [it.source, name]));
  const headers = new Map<string, readonly string[]>();
  const strange = (worksheet: string) => {
    if (manifest.drift.added === 'stop') {
      throw new HubError('source.columns-changed', { feed: id, columns: `+ ${worksheet}` });
    }
    drift(`+ ${worksheet}`);
  };
  for await (const { worksheet, cells } of readXlsx(await sameFile(id, file), { feed: id })) {
    const sheet = sheetOf.get(worksheet.trim());
    const header = headers.get(worksheet);
    if (header === undefined) {
      headers.set(
        worksheet,
        cells.map((cell) => cell ?? ''),
      );
      if (sheet === undefined) strange(worksheet.slice(0, 40));
    } else if (sheet !== undefined) yield { sheet, header, cells };
  }
  const found = new Set([...headers.keys()].map((it) => it.trim()));
  const missing = [...sheetOf.keys()].filter((it) => !found.has(it));
  if (missing.length > 0 && manifest.drift.missing === 'stop') {
    throw new HubError('source.columns-changed', { feed: id, columns: `− ${missing.join(', ')}` });
  }
  for (const worksheet of missing) drift(`− ${worksheet}`);
}
