/**
 * Keeps the lines of a delivery on disk while it is checked, so that memory stays small and nothing
 * of an incomplete delivery goes further. The file has no name: it is unlinked while open, so it is
 * gone when closed and gone after a crash.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HubError } from '../base/errors.ts';

const BUFFER_BYTES = 1024 * 1024;
const LINE_FEED = 10;

export type Spool = {
  /** Adds a line without a line feed in it. */
  write(line: string): Promise<void>;
  /** Ends writing; what was written is known by this digest of all lines with their line feeds. */
  seal(): Promise<{ digest: string; bytes: number; lines: number }>;
  lines(): AsyncIterable<string>;
  close(): Promise<void>;
};

/** A new spool for one delivery; `source.too-large` beyond the feed's limit. */
export async function openSpool(
  feed: string,
  maxBytes: number,
  folder: string = tmpdir(),
): Promise<Spool> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `hub-spool-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  const hash = createHash('sha256');
  let waiting: string[] = [];
  let waitingBytes = 0;
  let bytes = 0;
  let lines = 0;
  const flush = async () => {
    const block = Buffer.from(waiting.join(''));
    waiting = [];
    waitingBytes = 0;
    hash.update(block);
    await file.appendFile(block);
  };
  return {
    async write(line) {
      const text = `${line}\n`;
      const size = Buffer.byteLength(text);
      bytes += size;
      lines += 1;
      if (bytes > maxBytes) throw new HubError('source.too-large', { feed });
      waiting.push(text);
      waitingBytes += size;
      if (waitingBytes >= BUFFER_BYTES) await flush();
    },
    async seal() {
      await flush();
      return { digest: hash.digest('hex'), bytes, lines };
    },
    lines: () => splitLines(file.createReadStream({ start: 0, autoClose: false })),
    close: () => file.close(),
  };
}

/** Cuts at line feeds only: readline would also cut at U+2028, which JSON text may hold. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, from)) {
      yield Buffer.concat([...rest, bytes.subarray(from, at)]).toString();
      rest = [];
      from = at + 1;
    }
    if (from < bytes.length) rest.push(bytes.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString();
}
