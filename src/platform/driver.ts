/**
 * The client library, mended while it is loaded. Version 3.4.9 collects small writes until the end of
 * the tick, and when the connection ends in between
 *
 *  - a statement of a transaction that is still open writes to a socket that is gone, which throws where
 *    nobody can catch it and ends the process;
 *  - the mark that a write is due stays, so the connection, once it is open again, sends nothing small any
 *    more and whoever asks over it waits for ever;
 *  - the connection of such a transaction is put among those at work, where nobody takes it from again;
 *  - the statement that was cut off stays the connection's own, so the server's refusal of the next
 *    connection is taken for its error: nobody hears it, and the library tries again without end.
 *
 * Known to its makers (porsager/postgres 1208, 1209). Everybody gets the library from here: loaded first
 * by another, it would not be mended.
 */
import { registerHooks } from 'node:module';
import type Postgres from 'postgres';

export type Sql = Postgres.Sql<Record<string, never>>;
export type Transaction = Postgres.TransactionSql<Record<string, never>>;

const FAULTY_FILE = /\/postgres\/src\/connection\.js$/;

/** Each stands there as often as said; another version is looked at anew before it is used. */
const MENDED: readonly { text: string; times: number; instead: string }[] = [
  {
    text: '    clearImmediate(nextWriteTimer)\n',
    times: 2,
    instead: '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n',
  },
  {
    text: `    if (initial)
      return reconnect()

    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
`,
    times: 1,
    instead: `    if (initial) {
      query = errorResponse = null
      return reconnect()
    }

    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
    query = errorResponse = null
`,
  },
  {
    text: '  function execute(q) {\n',
    times: 1,
    // Not false, which would put the connection among those at work.
    instead: `  function execute(q) {
    if (socket === null) {
      queryError(q, Errors.connection('CONNECTION_CLOSED', options, socket))
      return true
    }
`,
  },
  {
    text: '  function nextWrite(fn) {\n',
    times: 1,
    instead: `  function nextWrite(fn) {
    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
      return false
    }
`,
  },
];

function mended(source: string): string {
  return MENDED.reduce((text, { text: faulty, times, instead }) => {
    const parts = text.split(faulty);
    if (parts.length !== times + 1) {
      throw new Error('postgres is another version than the one src/platform/driver.ts mends');
    }
    return parts.join(instead);
  }, source);
}

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!FAULTY_FILE.test(url)) return loaded;
    return { ...loaded, source: mended(Buffer.from(loaded.source as Uint8Array).toString()) };
  },
});

const { default: postgres } = await import('postgres');

export { postgres };
