/**
 * A hub opened for work: its database (embedded unless one is configured), keys, connectors and
 * sources. Whatever is opened here is closed by `closing`, in order.
 */

import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { type Connector, loadConnectors } from '../../connectors/kit/index.ts';
import { type Clock, clockAt, systemClock } from '../base/clock.ts';
import type { Config } from '../base/config.ts';
import { HubError } from '../base/errors.ts';
import type { SourceSettings } from '../base/feed-settings.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import { checkRuleFeeds, registerFeeds, registerRules } from '../pipeline/index.ts';
import { connect, type Sql } from '../platform/database.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import { type Keys, openKeys } from '../platform/keys.ts';
import { migrate } from '../platform/migrate.ts';
import { databaseIn } from '../platform/server-databases.ts';
import { loadRules } from '../rules/index.ts';
import { refuseUnknownFeeds } from '../transports/index.ts';
import { openDemoSources, readCounty } from './demo-county.ts';
import type { Closing } from './stopping.ts';

export type Hub = {
  config: Config;
  clock: Clock;
  log: Log;
  keys: Keys;
  databaseUrl: Secret;
  /** Role `worker`. */
  sql: Sql;
  connectors: Map<string, Connector>;
  sources: ReadonlyMap<string, SourceSettings>;
  closing: Closing;
};

export type OpenOptions = { config: Config; log: Log; closing: Closing; signal?: AbortSignal };

/**
 * The hub's database, at the present schema: the configured one, or one in the embedded server of
 * the data folder.
 */
export async function openDatabase({ config, log, closing, signal }: OpenOptions): Promise<Secret> {
  if (config.databaseUrl) {
    await checkDatabase(config.databaseUrl);
    await bringUpToDate(config.databaseUrl, log);
    return config.databaseUrl;
  }
  mkdirSync(config.dataFolder, { recursive: true });
  const folder = join(config.dataFolder, 'postgres');
  const server = await startEmbeddedPostgres({ folder, ...(signal ? { signal } : {}) });
  closing.add(() => server.stop());
  const url = await databaseIn(server.url, 'hub');
  await bringUpToDate(url, log);
  if (server.isAlone) await freeLeases(url);
  return url;
}

async function bringUpToDate(url: Secret, log: Log): Promise<void> {
  const { unknown } = await migrate(url);
  if (unknown.length > 0) log.warn('migration.unknown', { files: unknown.join(', ') });
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

/** The clock of an installation: the demo county's calendar ends on its last day. */
export function clockOf(config: Config): Clock {
  const today = config.today ?? (config.databaseUrl ? undefined : readCounty(config)?.until);
  return today === undefined ? systemClock : clockAt(today);
}

/** Opens everything. */
export async function openHub(options: OpenOptions): Promise<Hub> {
  return openOn(await openDatabase(options), options);
}

/** The same on a database that is open already. */
export async function openOn(databaseUrl: Secret, options: OpenOptions): Promise<Hub> {
  const { config, log, closing } = options;
  const clock = clockOf(config);
  const own = await openKeys(config.dataFolder, config.signIn, clock);
  const keys = config.identityKey ? { ...own, identity: config.identityKey } : own;
  const sql = connect(databaseUrl, {
    role: 'worker',
    max: 8 + (config.nightWorkers || availableParallelism()),
  });
  closing.add(() => sql.end({ timeout: 5 }));
  const connectors = await loadConnectors();
  refuseUnknownFeeds(config.feeds, connectors);
  const sources = await openSources(databaseUrl, options);
  await registerFeeds(sql, connectors);
  const rules = await loadRules();
  checkRuleFeeds(rules, connectors);
  await registerRules(sql, rules);
  await applySources(sql, sources);
  return { config, clock, log, keys, databaseUrl, sql, connectors, sources, closing };
}

/** Configured sources; without any, those of the demo county that lies in the data folder. */
async function openSources(databaseUrl: Secret, { config, closing }: OpenOptions) {
  if (config.feeds.size > 0 || config.isProduction) return config.feeds;
  const county = readCounty(config);
  return county ? openDemoSources(county, databaseUrl, closing) : config.feeds;
}

/** Feeds without a source rest; an installation may give a feed its own schedule. */
async function applySources(sql: Sql, sources: Hub['sources']): Promise<void> {
  for (const { feedId } of await sql<
    { feedId: string }[]
  >`select feed_id as "feedId" from hub.feed`) {
    const source = sources.get(feedId);
    await sql`update hub.feed set is_enabled = ${source?.isEnabled ?? false},
      schedule = ${source?.schedule ?? sql`schedule`} where feed_id = ${feedId}`;
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
