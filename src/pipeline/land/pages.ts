/**
 * Delivered rows as they are kept: pages of some hundred rows of one sheet, each row the JSON of its
 * cells on a line of its own, compressed. A page costs one row of the table where its lines would
 * cost hundreds; a row is found by batch and ordinal, and read by `cite-rows.ts`.
 *
 * Where a page ends is decided by what its rows say, not by counting: a row that comes or goes moves
 * one border, and the pages behind it stay what they were in the delivery before.
 */
import { hash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { CalendarDate } from '../../base/clock.ts';
import { copyText } from '../copy.ts';

export const PAGE_COLUMNS = 'landed_on, batch_id, first_ordinal, row_count, sheet, digest, lines';

/** Between the rows of a page; JSON text never holds it raw. */
export const LINE_END = '\n';

const FEWEST_ROWS = 64;
const MOST_ROWS = 512;
const MOST_CHARACTERS = 256 * 1024;
/** One row in so many ends a page. */
const BORDER_ONE_IN = 192;
/** Every third character is enough to tell rows apart. */
const STRIDE = 3;

/** Decides from what a row says whether it ends a page; cheap, and the same every time. */
function isBorder(line: string): boolean {
  let mix = line.length;
  for (let at = 0; at < line.length; at += STRIDE) {
    mix = Math.imul(mix ^ line.charCodeAt(at), 0x01000193);
  }
  return (mix >>> 8) % BORDER_ONE_IN === 0;
}

type Page = { firstOrdinal: number; sheet: string; lines: string[]; characters: number };

/** A page as a COPY line. Compressed here: handing it to another thread takes longer than the work. */
function pageLine(
  { firstOrdinal, sheet, lines }: Page,
  { batchId, landedOn }: { batchId: number; landedOn: CalendarDate },
): string {
  const text = Buffer.from(lines.join(LINE_END));
  const digest = hash('sha256', text, 'hex').slice(0, 32);
  const bytes = zstdCompressSync(text);
  return `${landedOn}\t${batchId}\t${firstOrdinal}\t${lines.length}\t${copyText(sheet)}\t${digest}\t\\\\x${bytes.toString('hex')}\n`;
}

export type PageWriter = {
  /** Takes a row; gives the line of a page that it completes, or of the one before another sheet. */
  add(sheet: string, json: string): string;
  /** After the last row: the line that is left. */
  rest(): string;
  rows(): number;
};

export function pageWriter(place: { batchId: number; landedOn: CalendarDate }): PageWriter {
  let ordinal = 0;
  let page: Page | undefined;
  const close = () => {
    const line = page ? pageLine(page, place) : '';
    page = undefined;
    return line;
  };
  return {
    add(sheet, json) {
      const before = page && page.sheet !== sheet ? close() : '';
      ordinal += 1;
      page ??= { firstOrdinal: ordinal, sheet, lines: [], characters: 0 };
      page.lines.push(json);
      page.characters += json.length;
      const { length } = page.lines;
      const isFull = length >= MOST_ROWS || page.characters >= MOST_CHARACTERS;
      return isFull || (length >= FEWEST_ROWS && isBorder(json)) ? before + close() : before;
    },
    rest: close,
    rows: () => ordinal,
  };
}

/** The rows of a stored page, each as the JSON of its cells. */
export const linesOf = (compressed: Uint8Array): string[] =>
  zstdDecompressSync(compressed).toString().split(LINE_END);
