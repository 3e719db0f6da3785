/**
 * Takes deliveries from a folder into which a department puts files. Reads only. A file that is
 * still being written is left for the next run; a file whose name says nothing is reported; nothing
 * outside the folder is read, so links are not followed.
 */
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CalendarDate } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { FolderSource } from '../base/feed-settings.ts';
import { systemPatience } from '../platform/fetch.ts';
import { type CheckedFile, checkFile } from './delivered-file.ts';
import {
  byPlace,
  type Delivery,
  type Feed,
  type PullContext,
  refusedDelivery,
} from './delivery.ts';
import { isSideFile, isUnfinishedName, readLooseName, readName } from './file-names.ts';
import { readRows } from './file-rows.ts';
import { type Found, isRival, refuseUnordered } from './rival-files.ts';

/** A file touched more recently is looked at again after this time. */
export const QUIET_MS = 2000;
/** A workbook is held in memory while it is read. */
const MOST_WORKBOOK_BYTES = 64 * 1024 * 1024;
const SHOWN_NAME = 80;
const DEFAULT_MOST_BYTES = 2048 * 1024 * 1024;

const report = (feed: Feed, context: PullContext, reason: string, name: string) => {
  // The name goes to the feed's operators only: a clerk may have put a person into it.
  context.log.warn('delivery.passed-over', { feed: feed.id, reason });
  context.drift?.(`${reason}: ${name.slice(0, SHOWN_NAME)}`);
};

/** How a folder's files are to be read. */
type Reading = Pick<FolderSource, 'format' | 'charset' | 'maxBytes'>;
export type PathOptions = {
  asOf: CalendarDate | undefined;
  charset: FolderSource['charset'] | undefined;
};

/** Deliveries in the folder whose names follow the agreement, oldest first. */
async function findFiles(
  feed: Feed,
  folder: string,
  { format }: Pick<Reading, 'format'>,
  context: PullContext,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (isSideFile(name) || entry.isDirectory()) continue;
    if (isUnfinishedName(name)) {
      context.log.info('delivery.unfinished', { feed: feed.id });
      continue;
    }
    const named = readName(feed, name);
    if (!named || !entry.isFile()) {
      report(feed, context, '文件名不合约定 unreadable file name', name);
    } else if (format !== undefined && named.format !== format) {
      report(feed, context, `文件格式应为 not the agreed format ${format}`, name);
    } else found.push({ path: join(folder, name), name, named });
  }
  return found.sort((a, b) => byPlace(a.named, b.named) || (a.name < b.name ? -1 : 1));
}

const trace = async (path: string) => {
  const { mtimeMs, size } = await stat(path);
  return { mtimeMs, mark: `${mtimeMs} ${size}` };
};

/** Leaves out what changes within the quiet time: somebody is still writing it. */
async function finished(feed: Feed, found: Found[], context: PullContext): Promise<Found[]> {
  const now = context.clock.now().getTime();
  const before = await Promise.all(found.map(({ path }) => trace(path)));
  if (!before.some(({ mtimeMs }) => Math.abs(now - mtimeMs) < QUIET_MS)) return found;
  await (context.patience ?? systemPatience).sleep(QUIET_MS, context.signal);
  const after = await Promise.all(found.map(({ path }) => trace(path)));
  return found.filter((_, at) => {
    const isQuiet = before[at]?.mark === after[at]?.mark;
    if (!isQuiet) context.log.info('delivery.unfinished', { feed: feed.id });
    return isQuiet;
  });
}

async function* deliver(
  feed: Feed,
  found: readonly Found[],
  { maxBytes, charset }: Omit<Reading, 'format'>,
  context: PullContext,
): AsyncGenerator<Delivery> {
  const check = ({ path, named: { format } }: Found): Promise<CheckedFile> => {
    const most = format === 'xlsx' ? Math.min(maxBytes, MOST_WORKBOOK_BYTES) : maxBytes;
    return checkFile(path, { feed: feed.id, format, maxBytes: most });
  };
  for (const one of found) {
    const { name, named } = one;
    const { asOf, sequence } = named;
    let file: CheckedFile;
    try {
      file = await check(one);
      if (await context.known({ name, asOf, sequence, digest: file.digest })) continue;
      const rivals = found.filter((other) => isRival(one, other));
      await refuseUnordered(feed, { one, file, rivals }, { check, context });
    } catch (error) {
      yield refusedDelivery({ name, asOf, sequence }, error);
      continue;
    }
    const read = { feed, file, named, charset, drift: (note: string) => context.drift?.(note) };
    const sheets = { [Symbol.asyncIterator]: () => readRows(read) };
    yield { name, digest: file.digest, bytes: file.bytes, asOf, sequence, sheets };
  }
}

/** The deliveries in a feed's folder that this hub does not have yet, oldest first. */
export async function* pullFolder(
  feed: Feed,
  source: FolderSource,
  context: PullContext,
): AsyncGenerator<Delivery> {
  let found: Found[];
  try {
    found = await findFiles(feed, source.folder, source, context);
    found = await finished(feed, found, context);
  } catch (error) {
    const setting = `feeds.${feed.id}.folder`;
    throw new HubError('source.refused', { feed: feed.id, status: 'folder', setting }, error);
  }
  yield* deliver(feed, found, source, context);
}

/** What an operator hands over by path: all agreed names of a folder, or one file of any name. */
export async function* deliverPath(
  feed: Feed,
  path: string,
  context: PullContext & Partial<PathOptions>,
): AsyncGenerator<Delivery> {
  const { charset = 'utf-8' } = context;
  const reading = { format: undefined, charset, maxBytes: DEFAULT_MOST_BYTES };
  const entry = await lstat(path).catch((error: unknown) => {
    throw new HubError('source.unreadable', { feed: feed.id, reason: 'file' }, error);
  });
  if (entry.isDirectory()) {
    yield* deliver(feed, await findFiles(feed, path, reading, context), reading, context);
    return;
  }
  const name = basename(path);
  const named = readLooseName(feed, name, context.asOf ?? context.clock.today());
  if (named === undefined) {
    throw new HubError('source.unreadable', { feed: feed.id, reason: 'file name' });
  }
  yield* deliver(feed, [{ path, name, named }], reading, context);
}
