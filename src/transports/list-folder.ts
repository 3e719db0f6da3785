/**
 * What of a folder is a delivery. Everything else is told by its name and the reason: a misnamed file
 * must not look like a day without news. Nothing is opened here, and only the folder itself is listed.
 */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderSource } from '../base/feed-settings.ts';
import { systemPatience } from '../platform/fetch.ts';
import { byPlace, type Feed, type PassedOver, type PullContext } from './delivery.ts';
import {
  finishedName,
  isSystemFile,
  isUnfinishedName,
  manifestedName,
  type NamedFile,
  readName,
} from './file-names.ts';
import { answered, type FileWatch } from './patience-with-files.ts';
import { strangeKind } from './regular-file.ts';
import type { Found } from './rival-files.ts';

/** A file touched more recently is looked at again after this time. */
const QUIET_MS = 2000;
/** Nobody copies a file for longer: what still bears an unfinished name was forgotten. */
const FORGOTTEN_MS = 86_400_000;
const SHOWN_NAME = 80;
/** Control characters, line separators and what turns the direction of writing. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
/** Eight digits or more, however divided. */
const NUMBERS = /\d(?:[ \-./·]?\d){7,}[Xx]?/g;
/** Eight of them that are a day: a date written otherwise than agreed must be seen to be mended. */
const DAY = /^(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])$/;

export type Listing = {
  /** Deliveries by their names, oldest first. */
  found: Found[];
  /** Whatever else lies there, besides the system's own files and what is on its way. */
  passedOver: PassedOver[];
  /** Files that somebody is still copying, by their names. */
  onItsWay: number;
};

type Reason = PassedOver['reason'];
const because = (zh: string, en: string): Reason => ({ zh, en });
const MISNAMED = because('文件名不合约定', 'not an agreed file name');
const FORGOTTEN = because('一天前就未写完', 'not finished for more than a day');
const ORPHAN = because('清单所指的文件不在', 'a manifest whose file is not here');

/** A name as operators may see it: a clerk may have put a person into it. */
export const shownName = (name: string): string =>
  name
    .replace(NUMBERS, (digits) => (DAY.test(digits.replace(/\D/g, '')) ? digits : '*'))
    .replace(UNSEEN, '\u{fffd}')
    .slice(0, SHOWN_NAME);

const watchOf = (feed: Feed, context: PullContext, place: string): FileWatch => ({
  ...{ feed: feed.id, place, idleMs: context.fileIdleMs, signal: context.signal },
});

/** Lists the folder; a fault of the file system is thrown as it came, `source.unavailable` when it hangs. */
export async function listFolder(
  feed: Feed,
  folder: string,
  { format }: Pick<FolderSource, 'format'>,
  context: PullContext,
): Promise<Listing> {
  const watch = watchOf(feed, context, folder);
  const entries = await answered(() => readdir(folder, { withFileTypes: true }), watch);
  const names = new Set(entries.map(({ name }) => name));
  const listing: Listing = { found: [], passedOver: [], onItsWay: 0 };
  for (const entry of entries) {
    const { name } = entry;
    if (isSystemFile(name) || names.has(manifestedName(name) ?? '')) continue;
    const path = join(folder, name);
    const named = readName(feed, name);
    const reason = await reasonAgainst(entry, named, {
      format,
      isForgotten: () => isForgotten(path, name, { feed, context, watch }),
    });
    if (reason === 'on its way') listing.onItsWay += 1;
    else if (reason) listing.passedOver.push({ name: shownName(name), reason });
    else if (named) listing.found.push({ path, name, named });
  }
  listing.found.sort((a, b) => byPlace(a.named, b.named) || (a.name < b.name ? -1 : 1));
  tell(feed, listing, context);
  return listing;
}

type Against = {
  format: FolderSource['format'];
  isForgotten(): Promise<boolean>;
};

/** Why the entry is no delivery, or undefined when it is one. */
async function reasonAgainst(
  entry: Dirent,
  named: NamedFile | undefined,
  { format, isForgotten: forgotten }: Against,
): Promise<Reason | 'on its way' | undefined> {
  const strange = strangeKind(entry);
  if (strange) return strange;
  if (isUnfinishedName(entry.name)) return (await forgotten()) ? FORGOTTEN : 'on its way';
  if (manifestedName(entry.name) !== undefined) return ORPHAN;
  if (named === undefined) return MISNAMED;
  if (format === undefined || named.format === format) return undefined;
  return because(`约定的格式是 ${format}`, `not the agreed format ${format}`);
}

type Looked = { feed: Feed; context: PullContext; watch: FileWatch };

/** A delivery whose name was never completed; an editor's own files are nobody's concern. */
async function isForgotten(path: string, name: string, { feed, context, watch }: Looked) {
  if (readName(feed, finishedName(name)) === undefined) return false;
  const { mtimeMs } = await answered(() => stat(path), watch);
  return context.clock.now().getTime() - mtimeMs > FORGOTTEN_MS;
}

/** The names go to those who operate the feed; the log has how many. */
function tell(feed: Feed, { passedOver, onItsWay }: Listing, context: PullContext): void {
  if (onItsWay > 0) context.log.info('delivery.unfinished', { feed: feed.id, files: onItsWay });
  if (passedOver.length === 0) return;
  context.log.warn('delivery.passed-over', { feed: feed.id, files: passedOver.length });
  for (const file of passedOver) context.passedOver?.(file);
}

/** Leaves out what changes within the quiet time: somebody is still writing it. */
export async function finished(
  feed: Feed,
  folder: string,
  found: Found[],
  context: PullContext,
): Promise<Found[]> {
  const traces = async () => {
    const all: { mtimeMs: number; mark: string }[] = [];
    for (const { path } of found) {
      // One after the other: a mount that stops answering costs one file thread, not all of them.
      const { mtimeMs, size } = await answered(() => stat(path), watchOf(feed, context, folder));
      all.push({ mtimeMs, mark: `${mtimeMs} ${size}` });
    }
    return all;
  };
  const now = context.clock.now().getTime();
  const before = await traces();
  if (!before.some(({ mtimeMs }) => Math.abs(now - mtimeMs) < QUIET_MS)) return found;
  await (context.patience ?? systemPatience).sleep(QUIET_MS, context.signal);
  const after = await traces();
  return found.filter((_, at) => {
    const isQuiet = before[at]?.mark === after[at]?.mark;
    if (!isQuiet) context.log.info('delivery.unfinished', { feed: feed.id });
    return isQuiet;
  });
}
