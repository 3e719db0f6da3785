/** The hub's feeds file for this county: where each department's deliveries are found. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Department } from './outlets/department.ts';

/** Known to everyone, and good only for a simulator on this machine. */
export const DEMO_SECRET = 'linjiang-demo-signing-secret';
export const DEMO_REQUESTER = 'linjiang-integrity-hub';
export const FRONT_END_SCHEMA = 'front_end';

export type FeedPlaces = {
  /** Address of the simulator; without it departments behind the interface have no place yet. */
  baseUrl?: string;
  /** Database filled by fillFrontEnd; without it departments that fill tables have no place yet. */
  databaseUrl?: string;
};

/** What the feeds file says of one department; undefined while it has no place or delivered nothing. */
function placeOf(folder: string, { feed, way }: Department, { baseUrl, databaseUrl }: FeedPlaces) {
  if (way.kind === 'files') {
    const drop = `drop/${feed}`;
    return existsSync(join(folder, drop)) ? { folder: drop, ...way.settings } : undefined;
  }
  if (way.kind === 'tables') {
    return databaseUrl === undefined ? undefined : { databaseUrl, schema: FRONT_END_SCHEMA };
  }
  return baseUrl === undefined
    ? undefined
    : { baseUrl, requester: DEMO_REQUESTER, secret: DEMO_SECRET, allowHttp: true };
}

/** Writes `feeds.yml` into the county's folder, readable by this user only, and returns its path. */
export function writeFeedsFile(
  folder: string,
  departments: readonly Department[],
  places: FeedPlaces,
): string {
  const feeds = Object.fromEntries(
    departments.flatMap((department) => {
      const place = placeOf(folder, department, places);
      return place ? [[department.feed, place]] : [];
    }),
  );
  const path = join(folder, 'feeds.yml');
  writeFileSync(path, stringify({ feeds }));
  chmodSync(path, 0o600);
  return path;
}
