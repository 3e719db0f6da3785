/**
 * One delivered file: hashed whole before its rows are read, hashed again while they are, so that a
 * file replaced in between is noticed before anything of it is committed. A file that does not end
 * where it should, or differs from the manifest beside it, is refused whole.
 */
import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { HubError } from '../base/errors.ts';

const CHUNK_BYTES = 256 * 1024;
const PIECE_BYTES = 16 * 1024;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const CLOSING_BRACE = 125;
/** The end record of a ZIP archive, and how far from the end its comment may push it. */
const ZIP_END = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const ZIP_TAIL = 65_557;

export type CheckedFile = { path: string; digest: string; bytes: number; rows: number | undefined };

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
async function readSideManifest(feed: string, path: string) {
  let text: string;
  try {
    text = await readFile(`${path}.manifest.json`, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new HubError('source.unreadable', { feed, reason: '.manifest.json' }, error);
  }
  try {
    return sideManifest.parse(JSON.parse(text));
  } catch {
    throw new HubError('source.unreadable', { feed, reason: '.manifest.json' });
  }
}

type CheckOptions = { feed: string; format: 'csv' | 'ndjson' | 'xlsx'; maxBytes: number };

/** Hashes the file and checks that it is whole. */
export async function checkFile(path: string, options: CheckOptions): Promise<CheckedFile> {
  const { feed, format, maxBytes } = options;
  const declared = await readSideManifest(feed, path);
  const summed = createHash('sha256');
  let bytes = 0;
  try {
    if ((await stat(path)).size > maxBytes) throw new HubError('source.too-large', { feed });
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new HubError('source.too-large', { feed });
      summed.update(chunk);
    }
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw new HubError('source.unreadable', { feed, reason: 'file' }, error);
  }
  const digest = summed.digest('hex');
  if (declared && declared.sha256 !== digest) throw new HubError('source.truncated', { feed });
  // Without a manifest the end of the file is all that can tell a whole file from a cut one.
  if (!declared && bytes > 0 && !(await endsWhole(path, format, bytes))) {
    throw new HubError('source.truncated', { feed });
  }
  return { path, digest, bytes, rows: declared?.rows };
}

async function endsWhole(path: string, format: CheckOptions['format'], bytes: number) {
  const tail = await readTail(path, Math.min(bytes, ZIP_TAIL));
  if (format === 'xlsx') return tail.includes(ZIP_END);
  const last = tail.at(-1);
  if (last === LINE_FEED || (format === 'csv' && last === CARRIAGE_RETURN)) return true;
  // A JSON object shows its own end; a CSV cell does not.
  return format === 'ndjson' && last === CLOSING_BRACE;
}

async function readTail(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, Math.max(0, size - length));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The file's bytes; at their end, `source.truncated` when they are not the bytes that were hashed. */
export async function* sameBytes(feed: string, file: CheckedFile): AsyncGenerator<Buffer> {
  const summed = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: CHUNK_BYTES })) {
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
  const content = await readFile(file.path).catch((error: unknown) => {
    throw new HubError('source.truncated', { feed }, error);
  });
  if (hash('sha256', content) !== file.digest) throw new HubError('source.truncated', { feed });
  return content;
}
