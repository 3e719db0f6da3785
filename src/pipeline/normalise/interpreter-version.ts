/**
 * What an interpretation depends on besides the rows: the feed's manifest and code, the kit, the fact
 * tables and the code here. A page is taken as known only while all of it is what it was, so an edited
 * code list or a mended reader applies to every delivery from then on, also where rows repeat.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connector } from '../../../connectors/kit/index.ts';
import { FACT_TABLES } from '../../../schema/fact-tables.ts';

const SHARED = ['../../../connectors/kit/', './', '../../base/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** The source files below a folder, in the order of their names. */
function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

let shared: string | undefined;

function sharedVersion(): string {
  const all = createHash('sha256').update(JSON.stringify([...FACT_TABLES]));
  for (const folder of SHARED) for (const source of sources(folder)) all.update(source);
  return all.digest('hex');
}

const versions = new WeakMap<object, string>();

/** Changes whenever the same rows of this feed might give other records. */
export function interpreterVersion({
  manifest,
  folder,
}: Pick<Connector, 'manifest' | 'folder'>): string {
  shared ??= sharedVersion();
  const known = versions.get(manifest);
  if (known) return known;
  const own = createHash('sha256').update(shared).update(JSON.stringify(manifest));
  for (const source of sources(folder)) own.update(source);
  const version = own.digest('hex');
  versions.set(manifest, version);
  return version;
}
