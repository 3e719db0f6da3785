/**
 * The hub's database under the logins its parts work with. An installation brings one login per part and
 * migrates with `hub migrate` alone; a demo migrates when it starts and makes the logins for itself.
 */
import { join } from 'node:path';
import { type Config, LOGIN_SETTINGS } from '../base/config.ts';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { makePrivateFolder } from '../base/private-file.ts';
import type { Secret } from '../base/secret.ts';
import { checkLogin } from '../platform/check-login.ts';
import { connect } from '../platform/database.ts';
import { postgres } from '../platform/driver.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import { databaseKey } from '../platform/keys.ts';
import { checkSchema, migrate } from '../platform/migrate.ts';
import { ownLogins } from '../platform/own-logins.ts';
import { databaseIn } from '../platform/server-databases.ts';
import type { Closing } from './stopping.ts';

export type OpenOptions = { config: Config; log: Log; closing: Closing; signal?: AbortSignal };

/** A part of the hub that works on the database under a login of its own. */
export type Part = 'api' | 'worker';

/** URLs of one database. An installation's process holds those of its own parts alone. */
export type DatabaseUrls = Readonly<
  Partial<Record<Part, Secret>> & {
    /** Of the tables' owner; a demo's only. */
    owner?: Secret;
  }
>;

/** The database at the present schema, its logins looked at. */
export async function openDatabase(
  options: OpenOptions,
  parts: readonly Part[],
): Promise<DatabaseUrls> {
  const { config } = options;
  const urls = config.isProduction ? { ...config.database } : await demoUrls(options);
  const opened: Partial<Record<Part, Secret>> = {};
  for (const part of parts) {
    const setting = LOGIN_SETTINGS[part];
    const url = urls[part];
    if (!url) throw new HubError('config.invalid', { setting, reason: `${setting}: is required` });
    await checkDatabase(url);
    await checkLogin(url, part, setting);
    if (config.isProduction) await checkSchemaAs(url, part);
    opened[part] = url;
  }
  return config.isProduction || !urls.owner ? opened : { ...opened, owner: urls.owner };
}

/** A login of the hub, or refuses: for parts of the program that were opened with it. */
export function urlOf(urls: DatabaseUrls, part: Part | 'owner'): Secret {
  const url = urls[part];
  if (!url) throw new HubError('internal');
  return url;
}

async function demoUrls(options: OpenOptions): Promise<DatabaseUrls> {
  const { config, log } = options;
  const given = config.database;
  const { owner, isAlone } = given?.owner
    ? { owner: given.owner, isAlone: false }
    : await embedded(options);
  await checkDatabase(owner);
  await bringUpToDate(owner, log);
  const own =
    given?.api && given.worker
      ? { api: given.api, worker: given.worker }
      : await ownLogins(owner, databaseKey(config.dataFolder));
  if (isAlone) await freeLeases(own.worker);
  return { owner, ...own };
}

async function embedded({ config, log, closing, signal }: OpenOptions) {
  makePrivateFolder(config.dataFolder);
  const folder = join(config.dataFolder, 'postgres');
  const server = await startEmbeddedPostgres({ folder, log, ...(signal ? { signal } : {}) });
  closing.add(() => server.stop());
  return { owner: await databaseIn(server.url, 'hub'), isAlone: server.isAlone };
}

/** Migrates, as the owner; says what the database has had besides. */
export async function bringUpToDate(url: Secret, log: Log): Promise<void> {
  const { unknown } = await migrate(url);
  if (unknown.length > 0) log.warn('migration.unknown', { files: unknown.join(', ') });
}

/** hub migrate: the configured database with its owner, or the demo's. */
export async function migrateDatabase(options: OpenOptions): Promise<void> {
  const owner = options.config.database?.owner;
  if (!owner) return void (await demoUrls(options));
  await checkDatabase(owner);
  await migrate(owner, { refusesNewer: options.config.isProduction });
}

async function checkSchemaAs(url: Secret, part: Part): Promise<void> {
  const sql = connect(url, { role: part, max: 1, name: 'hub-check' });
  try {
    await checkSchema(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Leases of hubs that were killed: on a server of our own we need not wait for their term. */
async function freeLeases(url: Secret): Promise<void> {
  const sql = connect(url, { role: 'worker', max: 1 });
  try {
    await sql`update hub.lease set holder = null where holder is not null`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Says in time that nothing listens where the configuration points. */
async function checkDatabase(url: Secret): Promise<void> {
  const sql = postgres(url.reveal(), { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    await sql`select 1`;
  } catch (cause) {
    throw new HubError('database.unavailable', {}, cause);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
