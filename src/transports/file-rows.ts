/** The rows of one delivered file, by its format, under the sheet names of feed.yml. */
import { linesPerRecord } from '../../connectors/kit/cell-limits.ts';
import { type Charset, readCsvBlocks } from '../../connectors/kit/read-csv.ts';
import { readNdjson } from '../../connectors/kit/read-ndjson.ts';
import { readXlsx } from '../../connectors/kit/read-xlsx.ts';
import { SheetLayout } from '../../connectors/kit/sheet-layout.ts';
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
  { feed, charset, drift }: FileToRead,
  sheet: string,
  bytes: AsyncIterable<Uint8Array>,
) {
  const { [sheet]: settings } = feed.manifest.sheets;
  if (settings === undefined) return;
  const layout = new SheetLayout(settings);
  const options = { lines: linesPerRecord(settings), headerRows: settings.titleRows + 1 };
  for await (const block of readCsvBlocks(bytes, charset, options)) {
    for (const row of block) {
      for (const cells of layout.take(row)) yield { sheet, header: headerOf(layout), cells };
    }
  }
  noteEnd(feed, layout, settings.source, drift);
}

const headerOf = ({ header }: SheetLayout): readonly string[] => header ?? [];

/** Totals are no records; that they came is said all the same. Titles without a header are no sheet. */
function noteEnd(
  { id }: Feed,
  layout: SheetLayout,
  source: string,
  drift: FileToRead['drift'],
): void {
  if (layout.header === undefined && layout.hasTitles) {
    const columns = `− ${source}: 表头 header`;
    throw new HubError('source.columns-changed', { feed: id, columns });
  }
  const totals = layout.totals();
  if (totals > 0) drift(`∑ ${source}: 表尾合计行 totals below the rows ×${totals}`);
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
  const settingsOf = (worksheet: string) => manifest.sheets[sheetOf.get(worksheet.trim()) ?? ''];
  const layouts = new Map<string, SheetLayout>();
  const titleRows = (worksheet: string) => settingsOf(worksheet)?.titleRows ?? 0;
  for await (const row of readXlsx(await sameFile(id, file), { feed: id, titleRows })) {
    const { worksheet } = row;
    const sheet = sheetOf.get(worksheet.trim());
    let layout = layouts.get(worksheet);
    if (layout === undefined) {
      layout = new SheetLayout(settingsOf(worksheet) ?? PLAIN);
      layouts.set(worksheet, layout);
      if (sheet === undefined) strange(feed, worksheet.slice(0, SHOWN_NAME), drift);
    }
    if (sheet === undefined) continue;
    for (const cells of layout.take(row.cells)) yield { sheet, header: headerOf(layout), cells };
  }
  for (const [worksheet, layout] of layouts) noteEnd(feed, layout, worksheet, drift);
  const found = new Set([...layouts.keys()].map((it) => it.trim()));
  const missing = [...sheetOf.keys()].filter((it) => !found.has(it));
  if (missing.length > 0 && manifest.drift.missing === 'stop') {
    throw new HubError('source.columns-changed', { feed: id, columns: `− ${missing.join(', ')}` });
  }
  for (const worksheet of missing) drift(`− ${worksheet}`);
}

const PLAIN = { titleRows: 0, totals: [] };
const SHOWN_NAME = 40;

/** A worksheet that the contract does not know. */
function strange({ id, manifest }: Feed, worksheet: string, drift: FileToRead['drift']): void {
  if (manifest.drift.added === 'stop') {
    throw new HubError('source.columns-changed', { feed: id, columns: `+ ${worksheet}` });
  }
  drift(`+ ${worksheet}`);
}
