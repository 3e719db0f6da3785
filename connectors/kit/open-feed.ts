/** A feed ready to read rows: its manifest compiled, with the map.ts of its folder when it has one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HubError } from '../../src/base/errors.ts';
import { defineFeed, type Feed } from './define-feed.ts';
import type { Manifest } from './manifest.ts';
import type { MapRow } from './record.ts';

export type Connector = Feed & { id: string; folder: string; manifest: Manifest };

/** Opens the feed of a manifest that has been read and checked. */
export async function openFeed(manifest: Manifest, folder: string): Promise<Connector> {
  const map = await loadMap(folder, manifest.feed);
  if (map !== undefined && Object.values(manifest.sheets).some(({ records }) => records)) {
    const reason = 'records and map.ts both say what a row becomes';
    throw new HubError('feed.manifest-invalid', { feed: manifest.feed, reason });
  }
  return { id: manifest.feed, folder, manifest, ...defineFeed(manifest, map) };
}

async function loadMap(folder: string, feed: string): Promise<MapRow | undefined> {
  const file = join(folder, 'map.ts');
  if (!existsSync(file)) return undefined;
  const module: { default?: unknown } = await import(pathToFileURL(file).href);
  if (typeof module.default === 'function') return module.default as MapRow;
  throw new HubError('feed.manifest-invalid', { feed, reason: 'map.ts has no default function' });
}
