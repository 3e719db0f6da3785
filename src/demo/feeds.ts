/** The hub's feeds file for this county: where each department's deliveries are found. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Known to everyone, and good only for a simulator on this machine. */
export const DEMO_SECRET = 'linjiang-demo-signing-secret';
export const DEMO_REQUESTER = 'linjiang-integrity-hub';
export const FRONT_END_SCHEMA = 'front_end';

export type FeedPlaces = {
  /** Address of the simulator; without it real-estate has no place yet. */
  baseUrl?: string;
  /** Database filled by fillFrontEnd; without it exit-entry has no place yet. */
  databaseUrl?: string;
};

const FOLDERS = ['roster', 'declaration', 'income', 'vehicle', 'audit', 'petition'] as const;
/** The tax bureau's files are in the national charset, as its own system writes them. */
const CHARSETS: Readonly<Record<string, object>> = { income: { charset: 'gb18030' } };

/** Writes `feeds.yml` into the county's folder, readable by this user only, and returns its path. */
export function writeFeedsFile(folder: string, { baseUrl, databaseUrl }: FeedPlaces): string {
  const feeds = {
    ...Object.fromEntries(
      FOLDERS.map((feed) => [feed, { folder: `drop/${feed}`, ...CHARSETS[feed] }]),
    ),
    ...(baseUrl === undefined
      ? {}
      : {
          'real-estate': {
            baseUrl,
            requester: DEMO_REQUESTER,
            secret: DEMO_SECRET,
            allowHttp: true,
          },
        }),
    ...(databaseUrl === undefined
      ? {}
      : { 'exit-entry': { databaseUrl, schema: FRONT_END_SCHEMA } }),
  };
  const path = join(folder, 'feeds.yml');
  writeFileSync(path, stringify({ feeds }));
  chmodSync(path, 0o600);
  return path;
}
