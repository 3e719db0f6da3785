/** How deliveries reach the hub, whatever way the department has agreed to. */
import { systemClock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { SourceSettings } from '../base/feed-settings.ts';
import { silentLog } from '../base/log.ts';
import type { Delivery, Feed, PullContext } from './delivery.ts';
import { deliverPath, type PathOptions, pullFolder } from './file-drop.ts';
import { pullFrontEnd } from './front-end-database.ts';
import { strangeSheet } from './sheet-names.ts';
import { pullSignedHttp } from './signed-http.ts';

export type { SourceSettings } from '../base/feed-settings.ts';
export type {
  Arriving,
  DeliveredSheetRow,
  Delivery,
  PassedOver,
  PullContext,
} from './delivery.ts';
export type { PathOptions } from './file-drop.ts';
export { shownName } from './list-folder.ts';

/**
 * The deliveries of a feed that this hub does not have yet, ordered by date and sequence. Which way
 * they come is for the installation to say: the feed is the same.
 */
export function pull(
  feed: Feed,
  settings: SourceSettings,
  context: PullContext,
): AsyncIterable<Delivery> {
  if (settings.kind === 'file-drop') return pullFolder(feed, settings, context);
  if (settings.kind === 'signed-http') return pullSignedHttp(feed, settings, context);
  return pullFrontEnd(feed, settings, context);
}

/**
 * For `hub sync <feed> --from <file or folder>`; `asOf` dates a file whose name carries no date, and
 * `charset` is that of CSV files.
 */
export function deliveriesFrom(
  feed: Feed,
  path: string,
  options: Partial<PullContext> & Partial<PathOptions> = {},
): AsyncIterable<Delivery> {
  const known = () => Promise.resolve(false);
  return deliverPath(feed, path, { clock: systemClock, log: silentLog, known, ...options });
}

/** A feed or sheet of the feeds file for which connectors/ has none is a misspelling. */
export function refuseUnknownFeeds(
  sources: ReadonlyMap<string, SourceSettings>,
  feeds: ReadonlyMap<string, Feed>,
): void {
  for (const [name, source] of sources) {
    const setting = `feeds.${name}`;
    const feed = feeds.get(name);
    if (!feed) throw refused(setting, 'is no feed');
    if (source.kind === 'file-drop') continue;
    const [key, renamed] =
      source.kind === 'signed-http' ? ['resources', source.resources] : ['tables', source.tables];
    const strange = strangeSheet(feed, renamed);
    if (strange !== undefined) {
      throw refused(`${setting}.${key}.${strange}`, `is no sheet of ${name}`);
    }
  }
}

const refused = (setting: string, reason: string) =>
  new HubError('config.invalid', { setting, reason: `${setting}: ${reason}` });
