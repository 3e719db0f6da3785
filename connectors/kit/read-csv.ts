/**
 * CSV as a stream of rows, in bounded memory. Well-formed text (RFC 4180: quotes, doubled quotes,
 * CRLF, cells over several lines) is read exactly. A record that is not well formed — a quote that
 * never closes, or closes in the middle of a cell — costs its own line and no other: the line comes
 * out as a single cell ending in U+FFFD, which no reader of values accepts.
 *
 * A record over more lines than the contract allows is rows run together by stray quotes, or a cell
 * in which somebody wrote a row: each of its lines comes out as such a cell, and none is believed.
 *
 * Bytes that the charset does not know also become U+FFFD, and so quarantine, not a record.
 */
import { CsvRecords } from './csv-record.ts';

/** A record longer than this is taken for a quote that never closes. */
const LONGEST_RECORD = 262_144;
const KEPT_OF_BROKEN = 10_000;
/** A header may be laid out over lines whatever the cells below it may do. */
const HEADER_LINES = 20;
const BROKEN = '\ufffd';
const CARRIAGE_RETURN = 13;

export type Charset = 'utf-8' | 'gb18030';
export type Chunks = AsyncIterable<Uint8Array>;
export type CsvOptions = {
  /** Most lines of one record; as many as there are when absent. */
  lines?: number;
  /** The first rows, up to and with the header, which may take more lines. */
  headerRows?: number;
};

/** One row at a time; the first is the header. */
export async function* readCsv(
  chunks: Chunks,
  charset: Charset,
  options?: CsvOptions,
): AsyncGenerator<string[]> {
  for await (const rows of readCsvBlocks(chunks, charset, options)) {
    for (const row of rows) yield row;
  }
}

/** The rows of one chunk at a time: the fast way, for a million rows. */
export async function* readCsvBlocks(
  chunks: Chunks,
  charset: Charset,
  options?: CsvOptions,
): AsyncGenerator<string[][]> {
  const decoder = new TextDecoder(charset);
  const parser = new CsvParser(options);
  for await (const chunk of chunks) {
    const rows = parser.push(decoder.decode(chunk, { stream: true }));
    if (rows.length > 0) yield rows;
  }
  const rows = parser.end(decoder.decode());
  if (rows.length > 0) yield rows;
}

/** Turns text that arrives in pieces, cut anywhere, into rows. */
export class CsvParser {
  readonly #lines: number;
  readonly #headerRows: number;
  #text = '';
  #isFirst = true;
  #isSkippingLine = false;
  /** Unknown until the first line ends. */
  #records: CsvRecords | undefined;
  #rows = 0;
  #columns = 0;

  constructor({ lines = Number.POSITIVE_INFINITY, headerRows = 1 }: CsvOptions = {}) {
    this.#lines = lines;
    this.#headerRows = headerRows;
  }

  end(piece: string): string[][] {
    const rows = this.push(piece);
    if (this.#text === '') return rows;
    this.#records ??= CsvRecords.of(this.#text, true);
    this.#text += this.#records?.lineEnd ?? '';
    this.#take(rows, true);
    this.#text = '';
    return rows;
  }

  push(piece: string): string[][] {
    this.#text += piece;
    if (this.#isFirst && this.#text.length > 0) {
      this.#isFirst = false;
      // GB18030 has a byte-order mark too, which the decoder leaves in place.
      if (this.#text.startsWith('\ufeff')) this.#text = this.#text.slice(1);
    }
    const rows: string[][] = [];
    this.#text = this.#text.slice(this.#take(rows, false));
    if (this.#text.length > LONGEST_RECORD) this.#giveUpLine(rows);
    return rows;
  }

  /** Appends every complete record to `rows`; returns where the incomplete one begins. */
  #take(rows: string[][], isEnd: boolean): number {
    const text = this.#text;
    this.#records ??= CsvRecords.of(text, false);
    const records = this.#records;
    if (records === undefined) return 0;
    let at = 0;
    let quote = text.indexOf('"');
    for (;;) {
      const lineEnd = text.indexOf(records.lineEnd, at);
      if (lineEnd < 0) return at;
      if (this.#isSkippingLine) {
        this.#isSkippingLine = false;
        at = lineEnd + 1;
        continue;
      }
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      if (quote < 0 || quote > lineEnd) {
        this.#pushLine(rows, text, at, lineEnd);
        at = lineEnd + 1;
        continue;
      }
      const record = records.quoted(text, at);
      if (record === 'incomplete' && !isEnd && text.length - at <= LONGEST_RECORD) return at;
      if (typeof record === 'string') {
        this.#pushBroken(rows, text.slice(at, lineEnd));
        at = lineEnd + 1;
        continue;
      }
      if (record.end === lineEnd + 1 || this.#mayTake(records.linesOf(text, at, record.end))) {
        this.#add(rows, record.cells);
      } else {
        for (const line of records.linesOf(text, at, record.end)) this.#pushBroken(rows, line);
      }
      at = record.end;
    }
  }

  /** Whether lines may be one record: few enough, and none but the first could be a row by itself. */
  #mayTake(lines: readonly string[]): boolean {
    if (this.#rows < this.#headerRows) return lines.length <= Math.max(HEADER_LINES, this.#lines);
    if (this.#lines === Number.POSITIVE_INFINITY) return true;
    return lines.length <= this.#lines && !lines.slice(1).some((line) => this.#isLikeRow(line));
  }

  #isLikeRow(line: string): boolean {
    let separators = 0;
    for (let at = line.indexOf(','); at >= 0; at = line.indexOf(',', at + 1)) separators += 1;
    return separators + 1 >= this.#columns;
  }

  #pushLine(rows: string[][], text: string, start: number, lineEnd: number): void {
    const end = text.charCodeAt(lineEnd - 1) === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
    if (end > start) this.#add(rows, text.slice(start, end).split(','));
  }

  #pushBroken(rows: string[][], line: string): void {
    if (line !== '') this.#add(rows, [`${line.slice(0, KEPT_OF_BROKEN)}${BROKEN}`]);
  }

  #add(rows: string[][], cells: string[]): void {
    rows.push(cells);
    // Rows without a word in them are laid out by eye, and no part of the header.
    if (this.#rows >= this.#headerRows || cells.every((cell) => cell === '')) return;
    this.#rows += 1;
    this.#columns = cells.length;
  }

  /** A line without an end in sight is not kept in memory. */
  #giveUpLine(rows: string[][]): void {
    if (!this.#isSkippingLine) this.#pushBroken(rows, this.#text);
    this.#isSkippingLine = true;
    this.#text = '';
  }
}
