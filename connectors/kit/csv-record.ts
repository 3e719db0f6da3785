/**
 * One CSV record with quotes in it, and what ends a line: a line feed with or without a carriage
 * return, or the carriage return alone in files of old systems. The first line of a file decides.
 */
const QUOTE = 34;
const COMMA = 44;
const CARRIAGE_RETURN = 13;

/** `end` is the beginning of the next record. */
type CsvRecord = { cells: string[]; end: number };
type Cell = { value: string; end: number };

export class CsvRecords {
  readonly lineEnd: '\n' | '\r';
  readonly #lineEndCode: number;

  private constructor(lineEnd: '\n' | '\r') {
    this.lineEnd = lineEnd;
    this.#lineEndCode = lineEnd.charCodeAt(0);
  }

  /** For the file that begins so; undefined while its first line has not ended. */
  static of(text: string, isEnd: boolean): CsvRecords | undefined {
    let isQuoted = false;
    for (const { 0: mark, index } of text.matchAll(/["\r\n]/g)) {
      if (mark === '"') isQuoted = !isQuoted;
      if (mark === '"' || isQuoted) continue;
      if (mark === '\n') return new CsvRecords('\n');
      // Whether a line feed follows is not known before it has arrived.
      if (index + 1 < text.length) return new CsvRecords(text[index + 1] === '\n' ? '\n' : '\r');
      return isEnd ? new CsvRecords('\r') : undefined;
    }
    return isEnd || text.length > LONGEST_FIRST_LINE ? new CsvRecords('\n') : undefined;
  }

  /** The record that begins at `start` and has a quote in its first line. */
  quoted(text: string, start: number): CsvRecord | 'incomplete' | 'malformed' {
    const cells: string[] = [];
    let at = start;
    for (;;) {
      const isQuoted = text.charCodeAt(at) === QUOTE;
      const cell = isQuoted ? quotedCell(text, at) : this.#plainCell(text, at);
      if (typeof cell === 'string') return cell;
      cells.push(cell.value);
      const next = text.charCodeAt(cell.end);
      if (next === this.#lineEndCode) return { cells, end: cell.end + 1 };
      if (next === CARRIAGE_RETURN && text.charCodeAt(cell.end + 1) === this.#lineEndCode) {
        return { cells, end: cell.end + 2 };
      }
      if (next !== COMMA) return cell.end + 1 >= text.length ? 'incomplete' : 'malformed';
      at = cell.end + 1;
    }
  }

  /** The lines between two places, without their ends. */
  linesOf(text: string, start: number, end: number): string[] {
    const lines = text.slice(start, end - 1).split(this.lineEnd);
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  /** A quote inside a cell that does not begin with one is a character like any other. */
  #plainCell(text: string, start: number): Cell | 'incomplete' {
    const lineEnd = text.indexOf(this.lineEnd, start);
    if (lineEnd < 0) return 'incomplete';
    const comma = text.indexOf(',', start);
    if (comma >= 0 && comma < lineEnd) return { value: text.slice(start, comma), end: comma };
    const hasReturn = lineEnd > start && text.charCodeAt(lineEnd - 1) === CARRIAGE_RETURN;
    const end = hasReturn ? lineEnd - 1 : lineEnd;
    return { value: text.slice(start, end), end };
  }
}

/** Beyond this a first line is cut and given up like any other. */
const LONGEST_FIRST_LINE = 262_144;

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
