/**
 * An XLSX workbook as a stream of rows, sheet after sheet. The first row of a sheet is its header.
 * Memory holds the file, its shared strings and one piece of one sheet, never a sheet; an archive
 * that inflates beyond the limit is refused on the way, before the rest of it exists anywhere.
 *
 * Cells come out as text: dates as `2024-01-31`, numbers as the workbook shows them at 15 digits.
 * A cell in error (#REF!) is marked with U+FFFD, so it reaches quarantine and not a record.
 */
import { HubError } from '../../src/base/errors.ts';
import { attribute, type XmlHandler, xmlSteps } from './read-xml.ts';
import { type ArchiveLimits, ZipArchive } from './read-zip.ts';
import {
  joinCell,
  readDateStyles,
  readSharedStrings,
  readWorkbook,
  unescapeCell,
  type Workbook,
} from './workbook-parts.ts';

export type WorksheetRow = { worksheet: string; cells: (string | null)[] };
export type XlsxOptions = Pick<ArchiveLimits, 'feed'> & Partial<ArchiveLimits>;

const INFLATED_LIMIT = 512 * 1024 * 1024;
/** A cell far to the right would make every row as wide. */
const MOST_COLUMNS = 1_024;
const DAY_MS = 86_400_000;
const LAST_SERIAL = 2_958_465;

type Cells = {
  sharedStrings: readonly string[];
  dateStyles: readonly boolean[];
  startsIn1904: boolean;
};

/** Rows of all worksheets; blank rows are left out, short rows filled up to the header's length. */
export async function* readXlsx(
  file: Uint8Array,
  options: XlsxOptions,
): AsyncGenerator<WorksheetRow> {
  const { feed } = options;
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const archive = new ZipArchive(bytes, { inflatedLimit: INFLATED_LIMIT, ...options });
  const workbook: Workbook = await readWorkbook(archive, feed);
  const cells: Cells = {
    sharedStrings: await readSharedStrings(archive, feed),
    dateStyles: await readDateStyles(archive, feed),
    startsIn1904: workbook.startsIn1904,
  };
  for (const { name, part } of workbook.worksheets) {
    const reader = new WorksheetReader(cells, feed);
    for await (const _ of xmlSteps(archive.open(part), feed, reader)) {
      for (const row of reader.takeRows()) yield { worksheet: name, cells: row };
    }
  }
}

/** Collects rows from the tags of one worksheet. */
class WorksheetReader implements XmlHandler {
  readonly #cells: Cells;
  readonly #feed: string;
  #rows: (string | null)[][] = [];
  #row: (string | null)[] = [];
  #width = 0;
  #column = 0;
  #type = '';
  #isDate = false;
  #text = '';
  #isText = false;

  constructor(cells: Cells, feed: string) {
    this.#cells = cells;
    this.#feed = feed;
  }

  takeRows(): (string | null)[][] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: string): void {
    if (name === 'row') {
      this.#row = [];
      this.#column = 0;
    } else if (name === 'c') {
      const address = attribute(attributes, 'r');
      this.#column = address === null ? this.#column + 1 : columnNumber(address);
      if (!(this.#column >= 1 && this.#column <= MOST_COLUMNS)) throw this.#tooWide();
      this.#type = attribute(attributes, 't') ?? 'n';
      this.#isDate = this.#cells.dateStyles[Number(attribute(attributes, 's') ?? -1)] === true;
      this.#text = '';
    } else {
      this.#isText = name === 'v' || name === 't';
    }
  }

  close(name: string): void {
    this.#isText = false;
    if (name === 'c') this.#row[this.#column - 1] = this.#value();
    if (name === 'row') this.#finishRow();
  }

  text(text: string): void {
    if (this.#isText) this.#text = joinCell(this.#text, text);
  }

  #value(): string | null {
    const text = this.#text;
    if (text === '') return null;
    if (this.#type === 's') return this.#cells.sharedStrings[Number(text)] ?? '\ufffd';
    if (this.#type === 'e') return `${text}\ufffd`;
    if (this.#type === 'b') return text === '1' ? 'TRUE' : 'FALSE';
    if (this.#type === 'n') return this.#number(text);
    return unescapeCell(text);
  }

  #number(text: string): string {
    const value = Number(text);
    if (!Number.isFinite(value)) return `${text}\ufffd`;
    if (!this.#isDate || value < 1 || value > LAST_SERIAL) return numberText(value);
    return dateText(value, this.#cells.startsIn1904);
  }

  #finishRow(): void {
    const row = Array.from(this.#row, (cell) => cell ?? null);
    while (row.length > this.#width && row.at(-1) === null) row.pop();
    if (row.every((cell) => cell === null)) return;
    if (this.#width === 0) this.#width = row.length;
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
