/**
 * One delivered file: hashed whole before its rows are read, hashed again while they are, so that a
 * file replaced in between is noticed before anything of it is committed. A file that does not end
 * where it should, or differs from the manifest beside it, is refused whole.
 */
import { createHash, hash } from 'node:crypto';
import { dirname } from 'node:path';
import { z } from 'zod';
import { HubError } from '../base/errors.ts';
import type { FileWatch } from './patience-with-files.ts';
import { readRegular, readWhole } from './regular-file.ts';

const PIECE_BYTES = 16 * 1024;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const CLOSING_BRACE = 125;
/** The end record of a ZIP archive, and how far from the end its comment may push it. */
const ZIP_END = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const ZIP_TAIL = 65_557;
/** A manifest says one number and one digest. */
const MOST_MANIFEST_BYTES = 64 * 1024;

export type CheckedFile = {
  path: string;
  digest: string;
  bytes: number;
  rows: number | undefined;
  watch: FileWatch;
};

const sideManifest = z.strictObject({
  rows: z.int().nonnegative().optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .toLowerCase(),
});

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** `<file>.manifest.json` beside the file, when there is one. */
async function readSideManifest(path: string, watch: FileWatch) {
  const { feed } = watch;
  let text: string;
  try {
    const bytes = await readWhole(`${path}.manifest.json`, watch, MOST_MANIFEST_BYTES);
    text = bytes.toString('utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    const isSaid = error instanceof HubError && error.code !== 'source.too-large';
    throw isSaid ? error : unreadable(feed, '.manifest.json', error);
  }
  try {
    return sideManifest.parse(JSON.parse(text));
  } catch {
    throw unreadable(feed, '.manifest.json');
  }
}

const unreadable = (feed: string, reason: string, cause?: unknown) =>
  new HubError('source.unreadable', { feed, reason }, cause);

/** How a file is read, and how long its file system is waited for. */
type CheckOptions = {
  feed: string;
  format: 'csv' | 'ndjson' | 'xlsx';
  maxBytes: number;
  idleMs?: number | undefined;
  signal?: AbortSignal | undefined;
};

/** Hashes the file and checks that it is whole. */
export async function checkFile(path: string, options: CheckOptions): Promise<CheckedFile> {
  const { feed, format, maxBytes, idleMs, signal } = options;
  const watch = { feed, place: dirname(path), idleMs, signal };
  const declared = await readSideManifest(path, watch);
  const summed = createHash('sha256');
  let bytes = 0;
  let tail: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of readRegular(path, watch, maxBytes)) {
      bytes += chunk.length;
      summed.update(chunk);
      tail = chunk.length >= ZIP_TAIL ? chunk : Buffer.concat([tail, chunk]).subarray(-ZIP_TAIL);
    }
  } catch (error) {
    throw error instanceof HubError ? error : unreadable(feed, 'file', error);
  }
  const digest = summed.digest('hex');
  if (declared && declared.sha256 !== digest) throw new HubError('source.truncated', { feed });
  // Without a manifest the end of the file is all that can tell a whole file from a cut one.
  if (!declared && bytes > 0 && !endsWhole(tail.subarray(-ZIP_TAIL), format)) {
    throw new HubError('source.truncated', { feed });
  }
  return { path, digest, bytes, rows: declared?.rows, watch };
}

function endsWhole(tail: Buffer, format: CheckOptions['format']): boolean {
  if (format === 'xlsx') return tail.includes(ZIP_END);
  const last = tail.at(-1);
  if (last === LINE_FEED || (format === 'csv' && last === CARRIAGE_RETURN)) return true;
  // A JSON object shows its own end; a CSV cell does not.
  return format === 'ndjson' && last === CLOSING_BRACE;
}

/** The file's bytes; at their end, `source.truncated` when they are not the bytes that were hashed. */
export async function* sameBytes(feed: string, file: CheckedFile): AsyncGenerator<Buffer> {
  const summed = createHash('sha256');
  try {
    for await (const chunk of readRegular(file.path, file.watch)) {
      summed.update(chunk);
      // Small pieces: the readers of text grow slow on long strings.
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        yield chunk.subarray(at, at + PIECE_BYTES);
      }
    }
  } catch (error) {
    if (isMissing(error)) throw new HubError('source.truncated', { feed }, error);
    throw error;
  }
  if (summed.digest('hex') !== file.digest) throw new HubError('source.truncated', { feed });
}

/** The whole file in memory, the bytes that were hashed or none. */
export async function sameFile(feed: string, file: CheckedFile): Promise<Buffer> {
  const content = await readWhole(file.path, file.watch, file.bytes).catch((error: unknown) => {
    const isGone = error instanceof HubError && error.code === 'source.unavailable';
    throw isGone ? error : new HubError('source.truncated', { feed }, error);
  });
  if (hash('sha256', content) !== file.digest) throw new HubError('source.truncated', { feed });
  return content;
}
