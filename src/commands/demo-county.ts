/**
 * The demo county in the data folder: delivered once, whole or not at all, and from then on a source
 * like any other. Its departments deliver the three ways real ones do: files, signed HTTP, and a
 * front-end database.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../base/config.ts';
import { HubError } from '../base/errors.ts';
import type { SourceSettings } from '../base/feed-settings.ts';
import { readFeeds } from '../base/feeds-file.ts';
import type { Secret } from '../base/secret.ts';
import {
  countyBook,
  deliverCounty,
  fillFrontEnd,
  startDepartments,
  writeFeedsFile,
} from '../demo/index.ts';
import { databaseIn } from '../platform/server-databases.ts';
import type { Report } from './steps.ts';
import type { Closing } from './stopping.ts';

const delivered = z.strictObject({
  officials: z.int(),
  seed: z.int(),
  until: z.string(),
  rows: z.int(),
});
export type DeliveredCounty = z.infer<typeof delivered> & { folder: string };

const folderOf = (config: Pick<Config, 'dataFolder'>) => join(config.dataFolder, 'county');
const REST_MS = 60_000;
const LABEL = 'delivered.json';

/** The county that lies in the data folder, if one does. */
export function readCounty(config: Pick<Config, 'dataFolder'>): DeliveredCounty | undefined {
  const folder = folderOf(config);
  const label = join(folder, LABEL);
  if (!existsSync(label)) return undefined;
  return { ...delivered.parse(JSON.parse(readFileSync(label, 'utf8'))), folder };
}

/** Refuses to lay a second county over the first: their people would mix. */
export function refuseOther(county: DeliveredCounty, asked: { officials?: number; seed?: number }) {
  const { officials = county.officials, seed = county.seed } = asked;
  if (officials === county.officials && seed === county.seed) return;
  const reason = `the data folder holds a county of ${county.officials} officials, seed ${county.seed}; choose another HUB_DATA or remove the folder`;
  throw new HubError('config.invalid', { reason });
}

/** Writes the county's deliveries and fills its front-end database. */
export async function makeCounty(
  config: Config,
  databaseUrl: Secret,
  options: { officials: number; seed: number; until: string },
  report: Report,
): Promise<DeliveredCounty> {
  const folder = folderOf(config);
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const book = await countyBook();
  const summary = await deliverCounty({ ...options, folder: draft }, report, book);
  await fillFrontEnd(draft, await databaseIn(databaseUrl, 'front_end'), book.departments);
  letRest(draft);
  const rows = Object.values(summary.departments).reduce((sum, it) => sum + it.rows, 0);
  const label = { officials: options.officials, seed: options.seed, until: options.until, rows };
  writeFileSync(join(draft, LABEL), JSON.stringify(label));
  // Labelled and named at the very end: what a kill left behind is thrown away and made again.
  renameSync(draft, folder);
  return { ...label, folder };
}

/** Dates the files back: a folder's files are left alone while somebody may still be writing them. */
function letRest(folder: string) {
  const then = new Date(Date.now() - REST_MS);
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    utimesSync(join(folder, path), then, then);
  }
}

/** Starts the county's departments and says where each feed comes from. */
export async function openDemoSources(
  county: DeliveredCounty,
  databaseUrl: Secret,
  closing: Closing,
): Promise<ReadonlyMap<string, SourceSettings>> {
  const { departments } = await countyBook();
  const served = await startDepartments(county.folder, departments);
  closing.add(() => served.close());
  const frontEnd = await databaseIn(databaseUrl, 'front_end');
  // Written anew at each start, because ports differ, and read as any installation's file is.
  const path = writeFeedsFile(county.folder, departments, {
    baseUrl: served.baseUrl,
    databaseUrl: frontEnd.reveal(),
  });
  return readFeeds(path, true);
}
