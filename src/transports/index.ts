/** How deliveries reach the hub, whatever way the department has agreed to. */
import type { CalendarDate } from '../base/clock.ts';
import { systemClock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { SourceSettings } from '../base/feed-settings.ts';
import { silentLog } from '../base/log.ts';
import type { Delivery, Feed, PullContext } from './delivery.ts';
import { deliverPath, pullFolder } from './file-drop.ts';
import { pullFrontEnd } from './front-end-database.ts';
import { pullSignedHttp } from './signed-http.ts';

export type { SourceSettings } from '../base/feed-settings.ts';
export type { DeliveredSheetRow, Delivery, PullContext } from './delivery.ts';

/**
 * The deliveries of a feed that this hub does not have yet, ordered by date and sequence. A folder
 * may stand in for any way of delivery: when a line is down, departments bring a disk.
 */
export function pull(
  feed: Feed,
  settings: SourceSettings,
  context: PullContext,
): AsyncIterable<Delivery> {
  const { transport } = feed.manifest;
  if (settings.kind === 'file-drop') return pullFolder(feed, settings, context);
  if (settings.kind === 'signed-http' && transport.kind === 'signed-http') {
    return pullSignedHttp(feed, settings, transport, context);
  }
  if (settings.kind === 'front-end-database' && transport.kind === 'front-end-database') {
    return pullFrontEnd(feed, settings, transport, context);
  }
  const setting = `feeds.${feed.id}`;
  const reason = `${setting}: feed.yml says ${transport.kind}, not ${settings.kind}`;
  throw new HubError('config.invalid', { setting, reason });
}

/** For `hub sync <feed> --from <file or folder>`; `asOf` dates a file whose name carries no date. */
export function deliveriesFrom(
  feed: Feed,
  path: string,
  options: Partial<PullContext> & { asOf?: CalendarDate | undefined } = {},
): AsyncIterable<Delivery> {
  const known = () => Promise.resolve(false);
  return deliverPath(feed, path, { clock: systemClock, log: silentLog, known, ...options });
}

/** A feed named in the feeds file for which there is no folder under connectors/ is a misspelling. */
export function refuseUnknownFeeds(
  sources: ReadonlyMap<string, SourceSettings>,
  feeds: ReadonlyMap<string, unknown>,
): void {
  for (const name of sources.keys()) {
    if (feeds.has(name)) continue;
    const setting = `feeds.${name}`;
    throw new HubError('config.invalid', { setting, reason: `${setting}: is no feed` });
  }
}
