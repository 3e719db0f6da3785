/**
 * A hub opened for work: its database (embedded unless one is configured), keys, connectors and
 * sources. Whatever is opened here is closed by `closing`, in order.
 */

import { availableParallelism } from 'node:os';
import { type Connector, loadConnectors } from '../../connectors/kit/index.ts';
import { type Clock, clockAt, systemClock } from '../base/clock.ts';
import type { Config } from '../base/config.ts';
import type { SourceSettings } from '../base/feed-settings.ts';
import type { Log } from '../base/log.ts';
import { checkRuleFeeds, registerFeeds, registerRules } from '../pipeline/index.ts';
import { connect, type Sql } from '../platform/database.ts';
import { checkIdentityKey } from '../platform/identity-fingerprint.ts';
import { KeysNotRead } from '../platform/key-server.ts';
import { type Keys, openKeys } from '../platform/keys.ts';
import { startTraces } from '../platform/trace.ts';
import { loadRules } from '../rules/index.ts';
import { refuseUnknownFeeds } from '../transports/index.ts';
import {
  type DatabaseUrls,
  type OpenOptions,
  openDatabase,
  type Part,
  urlOf,
} from './databases.ts';
import { openDemoSources, readCounty } from './demo-county.ts';
import type { Closing } from './stopping.ts';

/** Only the API checks tokens. */
export type HubKeys = Pick<Keys, 'identity'> & Partial<Keys>;

export type Hub = {
  config: Config;
  clock: Clock;
  log: Log;
  keys: HubKeys;
  urls: DatabaseUrls;
  /** Of the role `worker`, or `api` where the hub was opened for the API alone. */
  sql: Sql;
  connectors: Map<string, Connector>;
  sources: ReadonlyMap<string, SourceSettings>;
  closing: Closing;
};

/** The clock of an installation: the demo county's calendar ends on its last day. */
export function clockOf(config: Config): Clock {
  const today = config.today ?? (config.database ? undefined : readCounty(config)?.until);
  return today === undefined ? systemClock : clockAt(today);
}

/** Opens what these parts need. */
export async function openHub(
  options: OpenOptions,
  parts: readonly Part[] = ['worker'],
): Promise<Hub> {
  return openOn(await openDatabase(options, parts), options);
}

/** The same on a database that is open already, under the logins it was opened with. */
export async function openOn(urls: DatabaseUrls, options: OpenOptions): Promise<Hub> {
  const { config, log, closing } = options;
  if (config.tracesUrl) closing.add(await startTraces(config.tracesUrl));
  const clock = clockOf(config);
  const keys = await keysOf(config, clock, log);
  const role = urls.worker ? 'worker' : 'api';
  const sql = connect(urlOf(urls, role), {
    role,
    max: role === 'worker' ? 8 + (config.nightWorkers || availableParallelism()) : 2,
  });
  closing.add(() => sql.end({ timeout: 5 }));
  await checkIdentityKey(sql, keys.identity, clock.now());
  const connectors = await loadConnectors();
  refuseUnknownFeeds(config.feeds, connectors);
  const hub = { config, clock, log, keys, urls, sql, connectors, closing };
  // Whoever only answers questions has no right to say what feeds and rules there are.
  if (role === 'api') return { ...hub, sources: config.feeds };
  const sources = await openSources(urls, options);
  await registerFeeds(sql, connectors);
  const rules = await loadRules();
  checkRuleFeeds(rules, connectors);
  await registerRules(sql, rules);
  await takeSettings(sql, { connectors, sources, isFirst: true });
  return { ...hub, sources };
}

/** An installation brings its keys; a worker of one needs none that check tokens. */
async function keysOf(config: Config, clock: Clock, log: Log): Promise<HubKeys> {
  const { identityKey: identity } = config;
  if (identity && config.signIn.kind === 'demo' && config.isProduction) return { identity };
  const own = await openKeys(config.dataFolder, config.signIn, clock, {
    onFailure: (error) =>
      log.error('keys.not-read', error, {
        reason: error instanceof KeysNotRead ? error.message : undefined,
      }),
  });
  return identity ? { ...own, identity } : own;
}

/** Configured sources; without any, those of the demo county that lies in the data folder. */
async function openSources(urls: DatabaseUrls, { config, closing }: OpenOptions) {
  if (config.feeds.size > 0 || config.isProduction) return config.feeds;
  const county = readCounty(config);
  return county ? openDemoSources(county, urlOf(urls, 'owner'), closing) : config.feeds;
}

/**
 * What the settings say of each feed: one without a source rests, one may have a schedule of its own. Only
 * what they say anew since the last time is taken, so that what somebody changed in the table stays; a
 * command that runs once takes what has never been said (`isFirst`), and leaves the rest to the workers.
 */
export async function takeSettings(
  sql: Sql,
  { connectors, sources, isFirst }: Pick<Hub, 'connectors' | 'sources'> & { isFirst: boolean },
): Promise<void> {
  for (const { id, manifest } of connectors.values()) {
    const source = sources.get(id);
    const isEnabled = source?.isEnabled ?? false;
    const schedule = source?.schedule ?? manifest.schedule;
    await sql`update hub.feed set
        is_enabled = case when set_enabled is distinct from ${isEnabled} then ${isEnabled} else is_enabled end,
        schedule = case when set_schedule is distinct from ${schedule} then ${schedule} else schedule end,
        set_enabled = ${isEnabled}, set_schedule = ${schedule}
      where feed_id = ${id} and (set_enabled is null or not ${isFirst})`;
  }
}
