/**
 * What a file's name says: `<sheet>_<YYYY-MM-DD>[_<n>].csv|ndjson` or `<feed>_<YYYY-MM-DD>[_<n>].xlsx`.
 * A name that says something else is reported, never guessed at and never passed over in silence.
 */
import type { CalendarDate } from '../base/clock.ts';
import { isCalendarDate } from '../base/settings.ts';
import type { Feed } from './delivery.ts';

export type FileFormat = 'csv' | 'ndjson' | 'xlsx';
export type NamedFile = {
  format: FileFormat;
  asOf: CalendarDate;
  sequence: number;
  /** Sheet of feed.yml in a one-sheet file; undefined for a workbook, which names its own. */
  sheet: string | undefined;
};

const DATED = /^(.+)_(\d{4}-\d{2}-\d{2})(?:_(\d{1,4}))?\.(csv|ndjson|xlsx)$/i;
const ANY = /^(.+)\.(csv|ndjson|xlsx)$/i;
const UNFINISHED = /^[.~]|\.(part|partial|tmp|temp|filepart|crdownload|swp)$|~$/i;
const UNFINISHED_END = /(\.(part|partial|tmp|temp|filepart|crdownload|swp)|~)$/i;
const MANIFEST_END = /\.manifest\.json$/i;
const SYSTEM_FILES = ['thumbs.db', 'desktop.ini'];

/** The name under which an unfinished file will be delivered, where only its ending says so. */
export const finishedName = (name: string): string => name.replace(UNFINISHED_END, '');

/** A name that a copying program or an editor uses while it is still at work. */
export const isUnfinishedName = (name: string): boolean => UNFINISHED.test(name);

/** What the system puts into folders for itself. */
export const isSystemFile = (name: string): boolean => SYSTEM_FILES.includes(name.toLowerCase());

/** The file that a manifest beside it is about; undefined for a name that is no manifest's. */
export const manifestedName = (name: string): string | undefined =>
  MANIFEST_END.test(name) ? name.replace(MANIFEST_END, '') : undefined;

const formatOf = (extension: string | undefined): FileFormat | undefined =>
  (['csv', 'ndjson', 'xlsx'] as const).find((it) => it === extension?.toLowerCase());

/** The sheet whose `source` is this stem; a feed of one sheet may also be named by the feed. */
function sheetNamed({ id, manifest }: Feed, stem: string): string | undefined {
  const sheets = Object.entries(manifest.sheets);
  const found = sheets.find(([, sheet]) => sheet.source.normalize() === stem.normalize());
  return found?.[0] ?? (sheets.length === 1 && stem === id ? sheets[0]?.[0] : undefined);
}

/** What the name says for this feed, or undefined when it does not follow the agreement. */
export function readName(feed: Feed, name: string): NamedFile | undefined {
  const [, stem = '', asOf = '', number, extension] = DATED.exec(name) ?? [];
  const format = formatOf(extension);
  if (format === undefined || !isCalendarDate(asOf)) return undefined;
  const sequence = number === undefined ? 1 : Number(number);
  if (sequence < 1) return undefined;
  if (format === 'xlsx') {
    return stem === feed.id ? { format, asOf, sequence, sheet: undefined } : undefined;
  }
  const sheet = sheetNamed(feed, stem);
  return sheet === undefined ? undefined : { format, asOf, sequence, sheet };
}

/** For a file an operator hands over by name: what the name does not say comes from `asOf`. */
export function readLooseName(feed: Feed, name: string, asOf: CalendarDate): NamedFile | undefined {
  const agreed = readName(feed, name);
  if (agreed) return agreed;
  const [, stem = '', extension] = ANY.exec(name) ?? [];
  const format = formatOf(extension);
  if (format === undefined) return undefined;
  const written = /\d{4}-\d{2}-\d{2}/.exec(stem)?.[0];
  const dated = { asOf: written && isCalendarDate(written) ? written : asOf, sequence: 1 };
  if (format === 'xlsx') return { format, ...dated, sheet: undefined };
  const sheets = Object.keys(feed.manifest.sheets);
  const sheet = sheetNamed(feed, stem) ?? (sheets.length === 1 ? sheets[0] : undefined);
  return sheet === undefined ? undefined : { format, ...dated, sheet };
}
