/**
 * Takes deliveries from a folder into which a department puts files. Reads only. A file that is
 * still being written is left for the next run; a file whose name says nothing is reported; nothing
 * outside the folder is read, so links are not followed.
 */
import { lstat, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { deliveryNames } from '../../connectors/kit/delivery-names.ts';
import type { CalendarDate } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { FolderSource } from '../base/feed-settings.ts';
import { type CheckedFile, checkFile } from './delivered-file.ts';
import { type Delivery, type Feed, type PullContext, refusedDelivery } from './delivery.ts';
import { readLooseName } from './file-names.ts';
import { readRows } from './file-rows.ts';
import { finished, type Listing, listFolder } from './list-folder.ts';
import { answered } from './patience-with-files.ts';
import { faultOf, noFile, strangeKind } from './regular-file.ts';
import { type Found, isRival, refuseUnordered } from './rival-files.ts';

/** A workbook is held in memory while it is read. */
const MOST_WORKBOOK_BYTES = 64 * 1024 * 1024;
const DEFAULT_MOST_BYTES = 2048 * 1024 * 1024;

/** How a folder's files are to be read. */
type Reading = Pick<FolderSource, 'format' | 'charset' | 'maxBytes'>;
export type PathOptions = {
  asOf: CalendarDate | undefined;
  charset: FolderSource['charset'] | undefined;
};

async function* deliver(
  feed: Feed,
  found: readonly Found[],
  { maxBytes, charset }: Omit<Reading, 'format'>,
  context: PullContext,
): AsyncGenerator<Delivery> {
  const check = ({ path, named: { format } }: Found): Promise<CheckedFile> => {
    const most = format === 'xlsx' ? Math.min(maxBytes, MOST_WORKBOOK_BYTES) : maxBytes;
    const { fileIdleMs: idleMs, signal } = context;
    return checkFile(path, { feed: feed.id, format, maxBytes: most, idleMs, signal });
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

/** The file system's words for a server that is gone, as against a folder that is not there or closed to us. */
const GONE = ['EIO', 'ESTALE', 'ETIMEDOUT', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENOTCONN'];

/** The deliveries in a feed's folder that this hub does not have yet, oldest first. */
export async function* pullFolder(
  feed: Feed,
  source: FolderSource,
  context: PullContext,
): AsyncGenerator<Delivery> {
  let found: Found[];
  try {
    const listed = await listFolder(feed, source.folder, source, context);
    found = await finished(feed, source.folder, listed.found, context);
  } catch (error) {
    if (error instanceof HubError) throw error;
    const fault = faultOf(error);
    if (GONE.includes(fault))
      throw new HubError('source.unavailable', { feed: feed.id, fault }, error);
    const setting = `feeds.${feed.id}.folder`;
    throw new HubError('source.refused', { feed: feed.id, status: fault, setting }, error);
  }
  yield* deliver(feed, found, source, context);
}

/**
 * What an operator hands over by path: all agreed names of a folder, or one file of any name. Fails
 * where nothing fits: whoever hands something over means it to be read.
 */
export async function* deliverPath(
  feed: Feed,
  path: string,
  context: PullContext & Partial<PathOptions>,
): AsyncGenerator<Delivery> {
  const { charset = 'utf-8' } = context;
  const reading = { format: undefined, charset, maxBytes: DEFAULT_MOST_BYTES };
  const given = { feed: feed.id, place: path, idleMs: context.fileIdleMs, signal: context.signal };
  const unreachable = (error: unknown) => {
    if (error instanceof HubError) throw error;
    const fault = faultOf(error);
    throw new HubError('source.unreachable-path', { feed: feed.id, fault }, error);
  };
  const entry = await answered(() => stat(path), given).catch(unreachable);
  if (entry.isDirectory()) {
    const listed = await listFolder(feed, path, reading, context).catch(unreachable);
    refuseWithoutFit(feed, listed);
    yield* deliver(feed, listed.found, reading, context);
    return;
  }
  const kind = strangeKind(await answered(() => lstat(path), given).catch(unreachable));
  if (kind) throw noFile(feed.id, kind);
  const name = basename(path);
  const named = readLooseName(feed, name, context.asOf ?? context.clock.today());
  if (named === undefined) {
    throw new HubError('source.misnamed', { feed: feed.id, names: namesOf(feed) });
  }
  yield* deliver(feed, [{ path, name, named }], reading, context);
}

const namesOf = (feed: Feed): string =>
  deliveryNames({ feed: feed.id, sheets: feed.manifest.sheets }).join(', ');

function refuseWithoutFit(feed: Feed, { found, passedOver, onItsWay }: Listing): void {
  if (found.length > 0) return;
  const count = passedOver.length + onItsWay;
  if (count === 0) throw new HubError('source.empty-folder', { feed: feed.id });
  const details = { feed: feed.id, count, names: namesOf(feed) };
  throw new HubError('source.nothing-fits', details);
}
