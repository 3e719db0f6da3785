/**
 * COPY into PostgreSQL in text format and bounded memory: rows travel in chunks of about 64 kB and
 * the slower side sets the pace. Reading back goes by pages of a SELECT: the client library leaves its
 * socket paused for ever when a COPY to us ends in a large row.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Transaction } from '../platform/database.ts';

const CHUNK_CHARACTERS = 64 * 1024;
const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A text value as COPY expects it. Delivered text may hold tabs and line ends. */
export const copyText = (value: string): string =>
  SPECIAL.test(value) ? value.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found] ?? found) : value;

/** JSON text as COPY expects it: JSON has already escaped everything but its own backslashes. */
export const copyJson = (json: string): string =>
  json.includes('\\') ? json.replaceAll('\\', '\\\\') : json;

export const COPY_NULL = '\\N';

/** Pieces of one or more whole lines: text, or bytes that are sent as they are. */
export type Lines = AsyncIterable<string | Uint8Array>;

async function* chunks(lines: Lines): AsyncIterable<Uint8Array> {
  let pending = '';
  for await (const line of lines) {
    if (typeof line !== 'string') {
      yield line;
      continue;
    }
    pending += line;
    if (pending.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(pending);
    pending = '';
  }
  if (pending !== '') yield Buffer.from(pending);
}

/** What the client library calls on a statement that failed; it is the same for a COPY under way. */
type Failing = { reject(error: unknown): void };

/**
 * Sends lines, all as text or all as bytes, to `copy … from stdin`.
 *
 * The library forgets the stream once its last byte is sent, while PostgreSQL may refuse rows (or the
 * connection may end) after that: the stream would wait for ever. The one thing the library still does
 * then is to reject the statement, which was fulfilled with the stream before; so we listen there.
 */
export async function copyIn(tx: Transaction, target: string, lines: Lines): Promise<void> {
  const statement = tx.unsafe(`copy ${target} from stdin`);
  const sink = await statement.writable();
  const refused = new AbortController();
  (statement as unknown as Failing).reject = (error) => refused.abort(error);
  const { signal } = refused;
  const source = Readable.from(chunks(lines), { objectMode: true, highWaterMark: 2 });
  try {
    await pipeline(source, sink, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
