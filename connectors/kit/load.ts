/**
 * Finds the feeds: every folder under connectors/ with a feed.yml. There is no list to keep. Two
 * feeds of one name, a misspelt setting or a map.ts without a default function refuse to start.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { HubError } from '../../src/base/errors.ts';
import { parseManifest } from './check-manifest.ts';
import { type Connector, openFeed } from './open-feed.ts';

export type { Connector } from './open-feed.ts';

const HERE = fileURLToPath(new URL('..', import.meta.url));

/** Loads every feed under `folder`, by feed name, in the order of the names. */
export async function loadConnectors(folder = HERE): Promise<Map<string, Connector>> {
  const connectors = new Map<string, Connector>();
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
    .map((entry) => entry.name)
    .sort();
  for (const name of folders) {
    const connector = await loadConnector(join(folder, name), name);
    if (connectors.has(connector.id)) throw new HubError('feed.doubled', { feed: connector.id });
    connectors.set(connector.id, connector);
  }
  return connectors;
}

async function loadConnector(folder: string, name: string): Promise<Connector> {
  const manifest = parseManifest(name, readYaml(folder, name));
  return openFeed(manifest, folder);
}

function readYaml(folder: string, feed: string): unknown {
  const file = join(folder, 'feed.yml');
  if (!existsSync(file)) {
    throw new HubError('feed.manifest-invalid', { feed, reason: 'there is no feed.yml' });
  }
  try {
    // A key written twice is an error of the parser, so no setting is silently overruled.
    return parse(readFileSync(file, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    throw new HubError('feed.manifest-invalid', { feed, reason: 'it is not valid YAML' }, error);
  }
}
