/**
 * Reads ordinary files and nothing else. What a department's folder holds may be a pipe, which would be
 * waited for, a device, which never ends, or a link out of the folder: each is refused by its kind
 * before it is opened, and once more after, for it may have taken the file's place in between.
 */
import { constants, type Dirent, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { HubError } from '../base/errors.ts';
import { answered, type FileWatch } from './patience-with-files.ts';

const CHUNK_BYTES = 256 * 1024;
/** A link is not followed and a pipe not waited for; absent where the system has no such thing. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What a thing is that is no ordinary file, in words; undefined for one that is. */
export function strangeKind(entry: Dirent | Stats): { zh: string; en: string } | undefined {
  if (entry.isFile()) return undefined;
  if (entry.isSymbolicLink()) return { zh: '链接', en: 'a link' };
  if (entry.isFIFO()) return { zh: '管道', en: 'a pipe' };
  if (entry.isSocket()) return { zh: '套接字', en: 'a socket' };
  if (entry.isDirectory()) return { zh: '文件夹，不进入', en: 'a folder; folders are not entered' };
  return { zh: '设备', en: 'a device' };
}

/** What may be said of a file system's refusal: its code. */
export const faultOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown';

/** Says of what kind a thing is that came instead of a file. */
export const noFile = (feed: string, kind: { zh: string; en: string }, cause?: unknown) =>
  new HubError('source.no-file', { feed, found: { zh: kind.zh, en: kind.en } }, cause);

/** Refused as `source.no-file` when it is none; any other fault of the file system is thrown as it came. */
async function openRegular(
  path: string,
  watch: FileWatch,
): Promise<{ file: FileHandle; size: number }> {
  const seen = strangeKind(await answered(() => lstat(path), watch));
  if (seen) throw noFile(watch.feed, seen);
  // Between the look and the opening it may have been exchanged.
  const file = await answered(() => open(path, FLAGS), watch).catch((error: unknown) => {
    if (faultOf(error) === 'ELOOP') throw noFile(watch.feed, { zh: '链接', en: 'a link' }, error);
    if (faultOf(error) === 'ENXIO')
      throw noFile(watch.feed, { zh: '套接字', en: 'a socket' }, error);
    throw error;
  });
  try {
    const found = await answered(() => file.stat(), watch);
    const kind = strangeKind(found);
    if (kind) throw noFile(watch.feed, kind);
    return { file, size: found.size };
  } catch (error) {
    release(file);
    throw error;
  }
}

/** Not waited for: a handle whose reading hangs is closed once that returns. */
const release = (file: FileHandle) => void file.close().catch(() => undefined);

type Block = { bytes: Buffer };

/**
 * The file's bytes, the next block being read while one is used; `source.too-large` when they are more
 * than `most`, before the first where the file says so itself.
 */
export async function* readRegular(
  path: string,
  watch: FileWatch,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  const { file, size } = await openRegular(path, watch);
  let at = 0;
  const next = async (): Promise<Block> => {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await answered(() => file.read(buffer, 0, CHUNK_BYTES, at), watch);
    at += bytesRead;
    if (at > most) throw new HubError('source.too-large', { feed: watch.feed });
    return { bytes: buffer.subarray(0, bytesRead) };
  };
  try {
    if (size > most) throw new HubError('source.too-large', { feed: watch.feed });
    let { bytes } = await next();
    while (bytes.length > 0) {
      const coming = next();
      coming.catch(() => undefined);
      yield bytes;
      ({ bytes } = await coming);
    }
  } finally {
    release(file);
  }
}

/** The whole file in memory. */
export async function readWhole(path: string, watch: FileWatch, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of readRegular(path, watch, most)) parts.push(part);
  return Buffer.concat(parts);
}
