/**
 * Every setting the hub reads from its environment: its shape, and what it is when absent. An empty
 * value counts as absent. Messages here name what is expected, never what was given.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { Secret } from './secret.ts';

const MAX_PORT = 65_535;
const CRON_PART = /^(\*|\d{1,2}(-\d{1,2})?)(\/\d{1,2})?$/;

/** A cron line of five fields, Asia/Shanghai. */
export const cronLine = z.string().refine((line) => {
  const fields = line.split(' ');
  return fields.length === 5 && fields.every((it) => it.split(',').every((x) => CRON_PART.test(x)));
}, 'must be a cron line of five fields');

export const calendarDate = z
  .string()
  .refine(
    (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isCalendarDate(text),
    'must be a date written YYYY-MM-DD',
  );

export function isCalendarDate(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must lie between ${least} and ${most}`);

const whole = (least: number, most: number, initial: number) =>
  wholeNumber(least, most).default(initial);

const onOff = z.enum(['on', 'off'], { error: 'must be on or off' }).transform((it) => it === 'on');

/** A URL of one of these schemes, kept as a secret because it may carry a password. */
export const secretUrl = (...schemes: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => {
        const url = URL.canParse(text) ? new URL(text) : undefined;
        return url !== undefined && url.hostname !== '' && schemes.includes(url.protocol);
      },
      `must be a URL beginning with ${schemes.map((it) => `${it}//`).join(' or ')}`,
    )
    .transform((text) => new Secret(text));

export const databaseUrl = secretUrl('postgres:', 'postgresql:').refine(
  (url) => new URL(url.reveal()).pathname.length > 1,
  'must name the database after the host: postgres://host/database',
);

const list = z.string().transform((text) => text.split(',').map((it) => it.trim()));

const hostName = /^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

const isAddressRange = (text: string) => {
  const [address = '', bits, more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more !== undefined) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  );
};

const keyServer = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === '127.0.0.1');
}, 'must be an https address without a user name');

const host = z
  .string()
  .refine((it) => it === 'localhost' || isIP(it) !== 0, 'must be an IP address or localhost');

const collector = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '';
}, 'must be an http(s) address without a user name');

/** As browsers write an origin: scheme and host in small letters, the port unless it is the usual one. */
const isOrigin = (text: string) =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

export const SETTINGS = {
  PORT: whole(0, MAX_PORT, 4000),
  HUB_HOST: host.default('127.0.0.1'),
  HUB_MONITOR_PORT: wholeNumber(0, MAX_PORT).optional(),
  HUB_MONITOR_HOST: host.default('127.0.0.1'),
  HUB_MONITOR_TOKEN_FILE: z.string().optional(),
  HUB_TRACES_URL: collector.optional(),
  HUB_DATA: z.string().default('./data'),
  DATABASE_URL: databaseUrl.optional(),
  HUB_API_DATABASE_URL: databaseUrl.optional(),
  HUB_WORKER_DATABASE_URL: databaseUrl.optional(),
  REDIS_URL: secretUrl('redis:', 'rediss:').optional(),
  HUB_FEEDS: z.string().optional(),
  HUB_DEMO: onOff.optional(),
  HUB_TODAY: calendarDate.optional(),
  HUB_NIGHTLY_CRON: cronLine.default('0 2 * * *'),
  HUB_NIGHT_WORKERS: whole(0, 64, 0),
  HUB_KEEP_LANDED_MONTHS: whole(1, 1200, 36),
  HUB_KEEP_LOG_MONTHS: whole(6, 1200, 120),
  HUB_IDENTITY_KEY_FILE: z.string().optional(),
  HUB_JWT_PUBLIC_KEY_FILE: z.string().optional(),
  HUB_JWT_JWKS: keyServer.optional(),
  HUB_JWT_ISSUER: z.string().optional(),
  HUB_JWT_AUDIENCE: z.string().optional(),
  HUB_TRUST_PROXY: list
    .refine((it) => it.every(isAddressRange), 'must list addresses or ranges of your own proxies')
    .default([]),
  HUB_CORS_ORIGINS: list
    .refine(
      (it) => it.every(isOrigin),
      'must list origins such as https://desk.example, without a path',
    )
    .default([]),
  HUB_REGISTERED_ONLY: list
    .refine(
      (it) => it.every((who) => who === '*' || /^([a-z]+|account:[\w.@-]{1,64})$/.test(who)),
      'must list roles, accounts written account:<id>, or * for everybody',
    )
    .default([]),
  HUB_EXPLORER: onOff.optional(),
  HUB_LIMITS_DEPTH: whole(2, 30, 10),
  HUB_LIMITS_COST: whole(100, 1_000_000, 100_000),
  HUB_LIMITS_TOKENS: whole(100, 20_000, 2000),
  HUB_RATE_PER_ADDRESS: whole(0, 1_000_000, 6000),
  HUB_RATE_PER_ACTOR: whole(0, 1_000_000, 1200),
  HUB_ALLOWED_HOSTS: list
    .refine(
      (it) => it.every((host) => hostName.test(host) || isIP(host) !== 0),
      'must list host names or addresses, without scheme or port',
    )
    .default([]),
  HUB_FAILPOINT: z.string().optional(),
  HUB_FAILPOINT_RECORD: z.string().optional(),
} as const;

export const settings = z.strictObject(SETTINGS);
export type Settings = z.infer<typeof settings>;

/** Settings of the test suite alone; the example file does not offer them. */
export const TEST_SETTINGS: readonly string[] = ['HUB_FAILPOINT', 'HUB_FAILPOINT_RECORD'];
