/**
 * The configuration: read once, checked whole, frozen. A misspelt, missing, weak or contradictory
 * setting refuses to start and is named; its value is never shown. With DATABASE_URL given and
 * HUB_DEMO not on, the hub counts as production, and nothing that eases a demo is accepted.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import type { CalendarDate } from './clock.ts';
import { hasSignIn, readIdentityKey, readSignIn, type SignInSettings } from './configured-keys.ts';
import type { SourceSettings } from './feed-settings.ts';
import { readFeeds } from './feeds-file.ts';
import { invalid, parseOrRefuse } from './invalid-setting.ts';
import { readPrivateFile } from './private-file.ts';
import { Secret } from './secret.ts';
import { SETTINGS, type Settings, settings } from './settings.ts';

export type Config = Readonly<{
  isProduction: boolean;
  port: number;
  host: string;
  /** Where metrics and health are given; undefined: nowhere. */
  monitor: Readonly<{ port: number; host: string; token: Secret | undefined }> | undefined;
  dataFolder: string;
  /** Undefined: the embedded server in `dataFolder`. */
  databaseUrl: Secret | undefined;
  /** Undefined: the queue lives in PostgreSQL. */
  redisUrl: Secret | undefined;
  feeds: ReadonlyMap<string, SourceSettings>;
  /** The date the nightly run takes as today; undefined: the real one. */
  today: CalendarDate | undefined;
  nightlyCron: string;
  /** Parts of a night one process works on at a time; 0 = as many as it has processors. */
  nightWorkers: number;
  /** Months after which a delivery as it came may go, unless facts of today came from it. */
  keepLandedMonths: number;
  /** Whole months an entry of the access log is kept; the law asks for six at least. */
  keepLogMonths: number;
  /** Undefined: the demo makes its own in `dataFolder`. */
  identityKey: Secret | undefined;
  signIn: SignInSettings;
  /** Addresses whose X-Forwarded-* headers count. */
  trustedProxies: readonly string[];
  hasExplorer: boolean;
  limits: Readonly<{ depth: number; cost: number; tokens: number }>;
  /** Empty: the hosts named in the feeds file and no other. */
  allowedHosts: readonly string[];
}>;

type Environment = Readonly<Record<string, string | undefined>>;

const SHORTEST_TOKEN = 24;
const EASY_PASSWORDS = ['postgres', 'password', 'root', 'admin', 'hub', '123456', 'change-me'];

/** Reads the environment (and .env in the working folder, which never overrides it). */
export function loadConfig(): Config {
  if (existsSync('.env')) loadEnvFile('.env');
  return readConfig(process.env);
}

/** The configuration that an environment describes; refuses with `config.invalid`. */
export function readConfig(environment: Environment): Config {
  const given = parseOrRefuse(settings, relevant(environment), '');
  const isProduction = given.DATABASE_URL !== undefined && given.HUB_DEMO !== true;
  if (isProduction) refuseUnsafe(given, environment);
  if (!isThisMachine(given.HUB_HOST)) {
    if (!hasSignIn(given) && given.HUB_DEMO !== true) {
      throw invalid('HUB_HOST', 'only this machine may reach a hub without real sign-in');
    }
  }
  const feeds = readFeeds(given.HUB_FEEDS ?? './feeds.yml', given.HUB_FEEDS !== undefined);
  refuseStrangeHosts(feeds, given.HUB_ALLOWED_HOSTS);
  return Object.freeze({
    isProduction,
    port: given.PORT,
    host: given.HUB_HOST,
    monitor: readMonitor(given),
    dataFolder: resolve(given.HUB_DATA),
    databaseUrl: given.DATABASE_URL,
    redisUrl: given.REDIS_URL,
    feeds,
    today: given.HUB_TODAY,
    nightlyCron: given.HUB_NIGHTLY_CRON,
    nightWorkers: given.HUB_NIGHT_WORKERS,
    keepLandedMonths: given.HUB_KEEP_LANDED_MONTHS,
    keepLogMonths: given.HUB_KEEP_LOG_MONTHS,
    identityKey: readIdentityKey(given),
    signIn: readSignIn(given),
    trustedProxies: Object.freeze(given.HUB_TRUST_PROXY),
    hasExplorer: given.HUB_EXPLORER ?? !isProduction,
    limits: Object.freeze({
      depth: given.HUB_LIMITS_DEPTH,
      cost: given.HUB_LIMITS_COST,
      tokens: given.HUB_LIMITS_TOKENS,
    }),
    allowedHosts: Object.freeze(given.HUB_ALLOWED_HOSTS),
  });
}

/** Our own names, and everything that pretends to be one: a misspelt HUB_ setting must be heard. */
const relevant = (environment: Environment) =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => (name in SETTINGS || /^HUB_/i.test(name)) && value?.trim(),
    ),
  );

const isThisMachine = (host: string) => host === 'localhost' || /^(127\.|::1$)/.test(host);

/** Metrics tell nothing of people, but how a hub fares is nobody else's business either. */
function readMonitor(given: Settings): Config['monitor'] {
  const { HUB_MONITOR_PORT: port, HUB_MONITOR_HOST: host, HUB_MONITOR_TOKEN_FILE: file } = given;
  if (port === undefined) return undefined;
  const token = file && new Secret(readPrivateFile('HUB_MONITOR_TOKEN_FILE', file));
  if (token && token.reveal().length < SHORTEST_TOKEN) {
    throw invalid('HUB_MONITOR_TOKEN_FILE', `needs at least ${SHORTEST_TOKEN} characters`);
  }
  if (!token && !isThisMachine(host)) {
    throw invalid(
      'HUB_MONITOR_TOKEN_FILE',
      'is required where HUB_MONITOR_HOST is not this machine',
    );
  }
  return Object.freeze({ port, host, token: token || undefined });
}

function refuseUnsafe(given: Settings, environment: Environment) {
  const required = ['HUB_IDENTITY_KEY_FILE', 'HUB_JWT_ISSUER', 'HUB_JWT_AUDIENCE'] as const;
  for (const name of required) {
    if (given[name] === undefined) throw invalid(name, 'is required with DATABASE_URL');
  }
  if (!hasSignIn(given)) {
    throw invalid('HUB_JWT_PUBLIC_KEY_FILE', 'or HUB_JWT_JWKS is required with DATABASE_URL');
  }
  if (given.HUB_TODAY !== undefined) throw invalid('HUB_TODAY', 'would stop every legal clock');
  for (const name of ['HUB_FAILPOINT', 'HUB_FAILPOINT_RECORD'] as const) {
    if (given[name] !== undefined) throw invalid(name, 'is for the test suite');
  }
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    throw invalid('NODE_TLS_REJECT_UNAUTHORIZED', 'switches off the check of every certificate');
  }
  if (/--inspect/.test(environment.NODE_OPTIONS ?? '')) {
    throw invalid('NODE_OPTIONS', 'opens a debugger that can read every secret');
  }
  refuseEasyPassword('DATABASE_URL', given.DATABASE_URL);
  refuseEasyPassword('REDIS_URL', given.REDIS_URL);
}

function refuseEasyPassword(setting: string, url: Secret | undefined) {
  if (url === undefined) return;
  const { password, username, hostname } = new URL(url.reveal());
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (isLocal && password === '') return;
  if (password === '' || password === username || EASY_PASSWORDS.includes(password)) {
    throw invalid(setting, 'has no password or a well-known one');
  }
}

function refuseStrangeHosts(feeds: Config['feeds'], allowed: readonly string[]) {
  if (allowed.length === 0) return;
  for (const [name, source] of feeds) {
    if (source.kind !== 'signed-http') continue;
    const host = new URL(source.baseUrl).hostname.replace(/^\[|\]$/g, '');
    if (!allowed.includes(host)) {
      throw invalid(`feeds.${name}.baseUrl`, 'names a host that HUB_ALLOWED_HOSTS does not list');
    }
  }
}
