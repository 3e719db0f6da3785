/**
 * The configuration: read once, checked whole, frozen. A misspelt, missing, weak or contradictory
 * setting refuses to start and is named; its value is never shown. With a database given and
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
import { refuseMissing } from './required-settings.ts';
import { Secret } from './secret.ts';
import { SETTINGS, type Settings, settings } from './settings.ts';

export type Config = Readonly<{
  isProduction: boolean;
  port: number;
  host: string;
  /** Where metrics and health are given; undefined: nowhere. */
  monitor: Readonly<{ port: number; host: string; token: Secret | undefined }> | undefined;
  /** Collector of traces (OTLP over HTTP); undefined: none are made. */
  tracesUrl: string | undefined;
  dataFolder: string;
  /** One login per part of the hub; undefined: the embedded server in `dataFolder`. */
  database: Readonly<Partial<Record<LoginOf, Secret>>> | undefined;
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
  /** Origins whose pages may read answers. */
  origins: readonly string[];
  /** Roles and accounts that run registered documents and no others. */
  registeredOnly: readonly string[];
  hasExplorer: boolean;
  limits: Readonly<{ depth: number; cost: number; tokens: number }>;
  /** Requests a minute that one address, one actor may send; 0 = as many as they like. */
  rates: Readonly<{ perAddress: number; perActor: number }>;
  /** Empty: the hosts named in the feeds file and no other. */
  allowedHosts: readonly string[];
}>;

/**
 * What a process does with the hub; each needs other settings. `console` is the command line that changes
 * accounts the way the API does, under the API's login, and checks no token.
 */
export type Part = 'owner' | 'worker' | 'api' | 'console';

/** Where each part's login is written. The owner's migrates, and nothing else. */
export const LOGIN_SETTINGS = {
  owner: 'DATABASE_URL',
  worker: 'HUB_WORKER_DATABASE_URL',
  api: 'HUB_API_DATABASE_URL',
} as const satisfies Partial<Record<Part, keyof Settings>>;
export type LoginOf = keyof typeof LOGIN_SETTINGS;

type Environment = Readonly<Record<string, string | undefined>>;

const SHORTEST_TOKEN = 24;
/** Of processes that check no token. */
const NO_SIGN_IN: SignInSettings = { kind: 'demo' };

const EASY_PASSWORDS = ['postgres', 'password', 'root', 'admin', 'hub', '123456', 'change-me'];

/** Reads the environment (and .env in the working folder, which never overrides it). */
export function loadConfig(parts?: readonly Part[]): Config {
  if (existsSync('.env')) loadEnvFile('.env');
  return readConfig(process.env, parts);
}

/**
 * The configuration that an environment describes, for these parts of the hub; refuses with
 * `config.invalid`. What a part does not need is not read: migrating needs its database and no key.
 */
export function readConfig(
  environment: Environment,
  parts: readonly Part[] = ['worker', 'api'],
): Config {
  const given = parseOrRefuse(settings, relevant(environment), '');
  const database = databaseOf(given);
  const isProduction = database !== undefined && given.HUB_DEMO !== true;
  if (isProduction) {
    refuseMissing(given, parts);
    refuseUnsafe(given, environment);
  }
  const serves = parts.includes('api');
  if (serves && !isThisMachine(given.HUB_HOST)) {
    if (!hasSignIn(given) && given.HUB_DEMO !== true) {
      throw invalid('HUB_HOST', 'only this machine may reach a hub without real sign-in');
    }
  }
  const works = serves || parts.includes('worker');
  const feeds = works
    ? readFeeds(given.HUB_FEEDS ?? './feeds.yml', given.HUB_FEEDS !== undefined)
    : new Map<string, SourceSettings>();
  refuseStrangeHosts(feeds, given.HUB_ALLOWED_HOSTS);
  return Object.freeze({
    isProduction,
    port: given.PORT,
    host: given.HUB_HOST,
    monitor: works ? readMonitor(given) : undefined,
    tracesUrl: given.HUB_TRACES_URL,
    dataFolder: resolve(given.HUB_DATA),
    database,
    redisUrl: given.REDIS_URL,
    feeds,
    today: given.HUB_TODAY,
    nightlyCron: given.HUB_NIGHTLY_CRON,
    nightWorkers: given.HUB_NIGHT_WORKERS,
    keepLandedMonths: given.HUB_KEEP_LANDED_MONTHS,
    keepLogMonths: given.HUB_KEEP_LOG_MONTHS,
    identityKey: works ? readIdentityKey(given) : undefined,
    signIn: serves ? readSignIn(given) : NO_SIGN_IN,
    trustedProxies: Object.freeze(given.HUB_TRUST_PROXY),
    origins: Object.freeze(given.HUB_CORS_ORIGINS),
    registeredOnly: Object.freeze(given.HUB_REGISTERED_ONLY),
    hasExplorer: given.HUB_EXPLORER ?? !isProduction,
    limits: Object.freeze({
      depth: given.HUB_LIMITS_DEPTH,
      cost: given.HUB_LIMITS_COST,
      tokens: given.HUB_LIMITS_TOKENS,
    }),
    rates: Object.freeze({
      perAddress: given.HUB_RATE_PER_ADDRESS,
      perActor: given.HUB_RATE_PER_ACTOR,
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

function databaseOf(given: Settings): Config['database'] {
  const logins = Object.entries(LOGIN_SETTINGS).flatMap(([part, setting]) =>
    given[setting] ? [[part, given[setting]]] : [],
  );
  return logins.length > 0 ? Object.freeze(Object.fromEntries(logins)) : undefined;
}

function refuseUnsafe(given: Settings, environment: Environment) {
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
  for (const setting of Object.values(LOGIN_SETTINGS)) refuseEasyPassword(setting, given[setting]);
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
