/**
 * What a department calls each sheet of a feed. `source` in feed.yml says it for every way of
 * delivery; the feeds file may say another name where an installation has another.
 */
import type { Feed } from './delivery.ts';

export type NamedSheet = { sheet: string; name: string };

/** The sheets in feed.yml's order, under the names this source has for them. */
export const namedSheets = (
  { manifest }: Feed,
  renamed: Readonly<Record<string, string>>,
): NamedSheet[] =>
  Object.entries(manifest.sheets).map(([sheet, { source }]) => ({
    sheet,
    name: Object.hasOwn(renamed, sheet) ? (renamed[sheet] ?? source) : source,
  }));

/** A renamed sheet that feed.yml does not have: misspelt, or the file is older than the feed. */
export const strangeSheet = (
  { manifest }: Feed,
  renamed: Readonly<Record<string, string>>,
): string | undefined => Object.keys(renamed).find((it) => !Object.hasOwn(manifest.sheets, it));
