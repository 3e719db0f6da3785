/**
 * One JSON object per line, in bounded memory. A line that is no JSON object, nests too deep to be
 * written back, or is over 1 MB costs itself only: it comes out as a list of one cell ending in
 * U+FFFD, which no feed accepts as a row.
 */
import type { Chunks } from './read-csv.ts';

const LONGEST_LINE = 1_048_576;
const KEPT_OF_BROKEN = 10_000;
/** Writing JSON is recursive: thousands of nested brackets would exhaust the stack. */
const DEEPEST = 32;

export type NdjsonRow = Record<string, unknown> | string[];

/** Rows in the order of the lines; blank lines are none. */
export async function* readNdjson(chunks: Chunks): AsyncGenerator<NdjsonRow> {
  for await (const line of lines(chunks)) {
    if (line.trim() !== '') yield row(line);
  }
}

function row(line: string): NdjsonRow {
  const broken = [`${line.slice(0, KEPT_OF_BROKEN)}\ufffd`];
  if (line.length > LONGEST_LINE) return broken;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && isShallow(value, DEEPEST) ? value : broken;
  } catch {
    // Not JSON: the line itself goes to quarantine, so nothing is lost by not rethrowing.
    return broken;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1)));

/** Lines without their end; what is over the limit is cut, the rest of that line is not kept. */
async function* lines(chunks: Chunks): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let isCut = false;
  for await (const chunk of chunks) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      if (!isCut) yield rest + part;
      rest = '';
      isCut = false;
    }
    if (!isCut) rest += last;
    if (rest.length > LONGEST_LINE) {
      yield rest;
      rest = '';
      isCut = true;
    }
  }
  const tail = decoder.decode();
  if (!isCut && rest + tail !== '') yield rest + tail;
}
