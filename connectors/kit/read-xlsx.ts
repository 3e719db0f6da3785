/**
 * An XLSX workbook as a stream of rows, sheet after sheet. The first row of a sheet is its header.
 * Memory holds the file, its shared strings and one piece of one sheet, never a sheet; an archive
 * that inflates beyond the limit is refused on the way, before the rest of it exists anywhere.
 *
 * Cells come out as text: dates as `2024-01-31`, numbers as the workbook shows them at 15 digits.
 * A cell in error (#REF!) is marked with U+FFFD, so it reaches quarantine and not a record.
 */
import { HubError } from '../../src/base/errors.ts';
import { attribute } from './package-parts.ts';
import {
  joinCell,
  readWorkbook,
  SPREADSHEET,
  unescapeCell,
  type Workbook,
} from './workbook-parts.ts';
import { type Attributes, type XmlHandler, xmlSteps } from './xml-part.ts';
import { type ArchiveLimits, ZipArchive } from './zip-archive.ts';

export type WorksheetRow = { worksheet: string; cells: (string | null)[] };
export type XlsxOptions = Pick<ArchiveLimits, 'feed'> &
  Partial<ArchiveLimits> & {
    /** How many rows of a worksheet stand above its header; none when absent. */
    titleRows?(worksheet: string): number;
  };

const INFLATED_LIMIT = 512 * 1024 * 1024;
/** A cell far to the right would make every row as wide. */
const MOST_COLUMNS = 1_024;
/** Few bytes can name many cells: blank ones up to one far to the right, row after row. */
const MOST_CELLS = 50_000_000;
/** Behind the date in a cell of the strict form. */
const MIDNIGHT = /T00:00:00(\.0+)?Z?$/;
const DAY_MS = 86_400_000;
const LAST_SERIAL = 2_958_465;

/** Rows of all worksheets; blank rows are left out, rows below the header filled up to its length. */
export async function* readXlsx(
  file: Uint8Array,
  options: XlsxOptions,
): AsyncGenerator<WorksheetRow> {
  const { feed } = options;
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const archive = await ZipArchive.open(bytes, { inflatedLimit: INFLATED_LIMIT, ...options });
  const workbook = await readWorkbook(archive, feed);
  const budget = { cells: MOST_CELLS };
  for (const { name, part } of workbook.worksheets) {
    const reader = new WorksheetReader(workbook, feed, budget, options.titleRows?.(name) ?? 0);
    const sheet = { feed, root: 'worksheet', vocabulary: SPREADSHEET };
    for await (const _ of xmlSteps(archive.read(part), sheet, reader)) {
      for (const row of reader.takeRows()) yield { worksheet: name, cells: row };
    }
  }
}

/** Collects rows from the tags of one worksheet. */
class WorksheetReader implements XmlHandler {
  readonly #workbook: Workbook;
  readonly #feed: string;
  readonly #budget: { cells: number };
  #rows: (string | null)[][] = [];
  #row: (string | null)[] = [];
  /** Length of the header; 0 above it. */
  #width = 0;
  #titles: number;
  #column = 0;
  #type = '';
  #isDate = false;
  #text = '';
  #isText = false;
  /** Inside the reading of a rare character, which is no part of the text. */
  #isReading = false;

  constructor(workbook: Workbook, feed: string, budget: { cells: number }, titles: number) {
    this.#workbook = workbook;
    this.#feed = feed;
    this.#budget = budget;
    this.#titles = titles;
  }

  takeRows(): (string | null)[][] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'row') {
      this.#row = [];
      this.#column = 0;
    } else if (name === 'c') {
      const address = attribute(attributes, 'r');
      this.#column = address === undefined ? this.#column + 1 : columnNumber(address);
      if (!(this.#column >= 1 && this.#column <= MOST_COLUMNS)) throw this.#tooWide();
      this.#type = attribute(attributes, 't') ?? 'n';
      this.#isDate = this.#workbook.dateStyles[Number(attribute(attributes, 's') ?? -1)] === true;
      this.#text = '';
    } else if (name === 'rPh') {
      this.#isReading = true;
    } else {
      this.#isText = name === 'v' || (name === 't' && !this.#isReading);
    }
  }

  close(name: string): void {
    this.#isText = false;
    if (name === 'rPh') this.#isReading = false;
    if (name === 'c') this.#finishCell();
    if (name === 'row') this.#finishRow();
  }

  text(text: string): void {
    if (this.#isText) this.#text = joinCell(this.#text, text);
  }

  #finishCell(): void {
    const at = this.#column - 1;
    const value = this.#text === '' ? '' : this.#value(this.#text);
    // Blank cells are not kept: they are most of a sheet that was only formatted.
    if (value === '') return;
    while (this.#row.length < at) this.#row.push(null);
    this.#row[at] = value;
  }

  #value(text: string): string {
    if (this.#type === 's') return this.#workbook.sharedStrings[Number(text)] ?? '\ufffd';
    if (this.#type === 'e') return `${text}\ufffd`;
    if (this.#type === 'b') return text === '1' ? 'TRUE' : 'FALSE';
    if (this.#type === 'n') return this.#number(text);
    if (this.#type === 'd') return text.replace(MIDNIGHT, '');
    return unescapeCell(text);
  }

  #number(text: string): string {
    const value = Number(text);
    if (!Number.isFinite(value)) return `${text}\ufffd`;
    if (!this.#isDate || value < 1 || value > LAST_SERIAL) return numberText(value);
    return dateText(value, this.#workbook.startsIn1904);
  }

  #finishRow(): void {
    const row = this.#row;
    if (row.length === 0) return;
    this.#budget.cells -= row.length;
    if (this.#budget.cells < 0) throw new HubError('source.too-large', { feed: this.#feed });
    if (this.#titles > 0) this.#titles -= 1;
    else if (this.#width === 0) this.#width = row.length;
    while (row.length < this.#width) row.push(null);
    this.#rows.push(row);
  }

  #tooWide(): HubError {
    const reason = `more than ${MOST_COLUMNS} columns`;
    return new HubError('source.unreadable', { feed: this.#feed, reason });
  }
}

/** `C7` → 3; letters only, so a long address gives a large number, not a long loop. */
function columnNumber(address: string): number {
  let column = 0;
  for (let at = 0; at < 4; at += 1) {
    const letter = address.charCodeAt(at) - 64;
    if (!(letter >= 1 && letter <= 26)) return column;
    column = column * 26 + letter;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Spreadsheets compute in floats and show 15 digits: what lies behind them is noise. A whole number
 * of more digits has lost the rest; written with an exponent, no identifier accepts it.
 */
function numberText(value: number): string {
  if (Math.abs(value) >= 1e15) return value.toExponential();
  return String(Number(value.toPrecision(15)));
}

function dateText(serial: number, startsIn1904: boolean): string {
  const epoch = startsIn1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const moment = new Date(epoch + Math.round(serial * 86_400) * 1_000);
  const iso = moment.toISOString();
  return moment.getTime() % DAY_MS === 0
    ? iso.slice(0, 10)
    : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}
