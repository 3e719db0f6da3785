/**
 * CSV as a stream of rows, in bounded memory. Well-formed text (RFC 4180: quotes, doubled quotes,
 * CRLF, cells over several lines) is read exactly. A record that is not well formed — a quote that
 * never closes, or closes in the middle of a cell — costs its own line and no other: the line comes
 * out as a single cell ending in U+FFFD, which no reader of values accepts.
 *
 * Bytes that the charset does not know also become U+FFFD, and so quarantine, not a record.
 */

/** A record longer than this is taken for a quote that never closes. */
const LONGEST_RECORD = 262_144;
const KEPT_OF_BROKEN = 10_000;
const BROKEN = '\ufffd';
const QUOTE = 34;
const COMMA = 44;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export type Charset = 'utf-8' | 'gb18030';
export type Chunks = AsyncIterable<Uint8Array>;

/** One row at a time; the first is the header. */
export async function* readCsv(chunks: Chunks, charset: Charset): AsyncGenerator<string[]> {
  for await (const rows of readCsvBlocks(chunks, charset)) {
    for (const row of rows) yield row;
  }
}

/** The rows of one chunk at a time: the fast way, for a million rows. */
export async function* readCsvBlocks(chunks: Chunks, charset: Charset): AsyncGenerator<string[][]> {
  const decoder = new TextDecoder(charset);
  const parser = new CsvParser();
  for await (const chunk of chunks) {
    const rows = parser.push(decoder.decode(chunk, { stream: true }));
    if (rows.length > 0) yield rows;
  }
  const rows = parser.end(decoder.decode());
  if (rows.length > 0) yield rows;
}

/** Turns text that arrives in pieces, cut anywhere, into rows. */
export class CsvParser {
  #text = '';
  #isFirst = true;
  #isSkippingLine = false;

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

  end(piece: string): string[][] {
    const rows = this.push(piece);
    if (this.#text === '') return rows;
    this.#text += '\n';
    this.#take(rows, true);
    this.#text = '';
    return rows;
  }

  /** Appends every complete record to `rows`; returns where the incomplete one begins. */
  #take(rows: string[][], isEnd: boolean): number {
    const text = this.#text;
    let at = 0;
    let quote = text.indexOf('"');
    for (;;) {
      const lineEnd = text.indexOf('\n', at);
      if (lineEnd < 0) return at;
      if (this.#isSkippingLine) {
        this.#isSkippingLine = false;
        at = lineEnd + 1;
        continue;
      }
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      if (quote < 0 || quote > lineEnd) {
        pushLine(rows, text, at, lineEnd);
        at = lineEnd + 1;
        continue;
      }
      const record = quotedRecord(text, at);
      if (record === 'incomplete' && !isEnd && text.length - at <= LONGEST_RECORD) return at;
      if (typeof record === 'string') {
        rows.push(brokenRow(text.slice(at, lineEnd)));
        at = lineEnd + 1;
        continue;
      }
      rows.push(record.cells);
      at = record.end;
    }
  }

  /** A line without an end in sight is not kept in memory. */
  #giveUpLine(rows: string[][]): void {
    if (!this.#isSkippingLine) rows.push(brokenRow(this.#text));
    this.#isSkippingLine = true;
    this.#text = '';
  }
}

const brokenRow = (line: string): string[] => [`${line.slice(0, KEPT_OF_BROKEN)}${BROKEN}`];

function pushLine(rows: string[][], text: string, start: number, lineEnd: number): void {
  const end = text.charCodeAt(lineEnd - 1) === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
  if (end > start) rows.push(text.slice(start, end).split(','));
}

type Cell = { value: string; end: number };

/** One record with quotes in it; `end` is the beginning of the next. */
function quotedRecord(
  text: string,
  start: number,
): { cells: string[]; end: number } | 'incomplete' | 'malformed' {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    const cell = text.charCodeAt(at) === QUOTE ? quotedCell(text, at) : plainCell(text, at);
    if (typeof cell === 'string') return cell;
    cells.push(cell.value);
    const next = text.charCodeAt(cell.end);
    if (next === LINE_FEED) return { cells, end: cell.end + 1 };
    if (next === CARRIAGE_RETURN && text.charCodeAt(cell.end + 1) === LINE_FEED) {
      return { cells, end: cell.end + 2 };
    }
    if (next !== COMMA) return cell.end + 1 >= text.length ? 'incomplete' : 'malformed';
    at = cell.end + 1;
  }
}

/** From an opening quote to its partner; two quotes inside are one. */
function quotedCell(text: string, start: number): Cell | 'incomplete' {
  let from = start + 1;
  for (;;) {
    const close = text.indexOf('"', from);
    if (close < 0) return 'incomplete';
    if (text.charCodeAt(close + 1) !== QUOTE) {
      return { value: text.slice(start + 1, close).replaceAll('""', '"'), end: close + 1 };
    }
    from = close + 2;
  }
}

/** A quote inside a cell that does not begin with one is a character like any other. */
function plainCell(text: string, start: number): Cell | 'incomplete' {
  const lineEnd = text.indexOf('\n', start);
  if (lineEnd < 0) return 'incomplete';
  const comma = text.indexOf(',', start);
  if (comma >= 0 && comma < lineEnd) return { value: text.slice(start, comma), end: comma };
  const end =
    lineEnd > start && text.charCodeAt(lineEnd - 1) === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
  return { value: text.slice(start, end), end };
}
