import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, type Part, readConfig } from '../src/base/config.ts';
import { HubError } from '../src/base/errors.ts';
import { FEED_SHAPES } from '../src/base/feed-settings.ts';
import { SETTINGS, TEST_SETTINGS } from '../src/base/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-config-'));
/** Stands in every wrong value, so that a message quoting a value is caught. */
const CANARY = 'zqcanary7';

const file = (name: string, text: string, mode = 0o600) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};
const ed = generateKeyPairSync('ed25519');
const keySet = (key: KeyObject) => JSON.stringify({ keys: [key.export({ format: 'jwk' })] });
const identityKey = file('identity.key', `${CANARY}-8f3KxP0aLw5TqYv2RmN6sJd9HbGc1Ze4\n`);
const publicKey = file('sign-in.jwks', keySet(ed.publicKey), 0o644);
const emptyFeeds = file('empty.yml', 'feeds: {}');

const PRODUCTION = {
  HUB_API_DATABASE_URL: `postgres://hub_a:${CANARY}-strong@db.internal/hub`,
  HUB_WORKER_DATABASE_URL: `postgres://hub_w:${CANARY}-strong@db.internal/hub`,
  HUB_IDENTITY_KEY_FILE: identityKey,
  HUB_JWT_PUBLIC_KEY_FILE: publicKey,
  HUB_JWT_ISSUER: 'https://sign-in.internal',
  HUB_JWT_AUDIENCE: 'integrity-hub',
  HUB_FEEDS: emptyFeeds,
};
let counter = 0;
const feeds = (yaml: string, mode = 0o600) => {
  counter += 1;
  return { HUB_FEEDS: file(`feeds-${counter}.yml`, yaml, mode) };
};
const http = (more: string) =>
  feeds(
    `feeds:\n  real-estate: { requester: us, secret: ${CANARY}-long-enough-secret, baseUrl: "https://a.example", ${more} }`,
  );

type Bad = [name: string, setting: string, environment: Record<string, string | undefined>];
const production = (change: Record<string, string | undefined>) => ({ ...PRODUCTION, ...change });

const monitor = (change: Record<string, string>) => ({ HUB_MONITOR_PORT: '9464', ...change });

const BAD: Bad[] = [
  ['a misspelt setting', 'HUB_NIGHLTY_CRON', { HUB_NIGHLTY_CRON: CANARY }],
  ['a setting in lower case', 'hub_data', { hub_data: CANARY }],
  ['a port in words', 'PORT', { PORT: CANARY }],
  ['a port beyond the last', 'PORT', { PORT: '70000' }],
  ['a negative port', 'PORT', { PORT: '-1' }],
  ['a host name to listen on', 'HUB_HOST', { HUB_HOST: `${CANARY}.example` }],
  ['an open host without sign-in', 'HUB_HOST', { HUB_HOST: '0.0.0.0' }],
  ['a monitor for everybody', 'HUB_MONITOR_TOKEN_FILE', monitor({ HUB_MONITOR_HOST: '0.0.0.0' })],
  [
    'a monitor token anyone may read',
    'HUB_MONITOR_TOKEN_FILE',
    monitor({ HUB_MONITOR_TOKEN_FILE: file('open.token', CANARY.repeat(4), 0o644) }),
  ],
  [
    'a short monitor token',
    'HUB_MONITOR_TOKEN_FILE',
    monitor({ HUB_MONITOR_TOKEN_FILE: file('short.token', CANARY) }),
  ],
  ['a monitor port in words', 'HUB_MONITOR_PORT', monitor({ HUB_MONITOR_PORT: CANARY })],
  ['a database that is no URL', 'DATABASE_URL', { DATABASE_URL: CANARY }],
  ['a database of another kind', 'DATABASE_URL', { DATABASE_URL: `mysql://${CANARY}@h/d` }],
  ['a database URL without database', 'DATABASE_URL', { DATABASE_URL: `postgres://${CANARY}@h` }],
  ['a Redis of another kind', 'REDIS_URL', { REDIS_URL: `http://:${CANARY}@h` }],
  ['a feeds file that is not there', 'HUB_FEEDS', { HUB_FEEDS: join(folder, CANARY) }],
  ['a feeds file that is no YAML', 'HUB_FEEDS', feeds(`feeds: {${CANARY}: [`)],
  ['a feeds file with a doubled key', 'HUB_FEEDS', feeds(`feeds: {}\nfeeds: { ${CANARY}: 1 }`)],
  ['demo neither on nor off', 'HUB_DEMO', { HUB_DEMO: CANARY }],
  ['a date that does not exist', 'HUB_TODAY', { HUB_TODAY: '2026-02-30' }],
  ['a date in another form', 'HUB_TODAY', { HUB_TODAY: '30.06.2026' }],
  ['a cron line of four fields', 'HUB_NIGHTLY_CRON', { HUB_NIGHTLY_CRON: '0 2 * *' }],
  ['a cron line in words', 'HUB_NIGHTLY_CRON', { HUB_NIGHTLY_CRON: CANARY }],
  ['a key server over http', 'HUB_JWT_JWKS', { HUB_JWT_JWKS: `http://${CANARY}.example/` }],
  ['a key server with a password', 'HUB_JWT_JWKS', { HUB_JWT_JWKS: `https://a:${CANARY}@b/` }],
  ['proxies: everybody', 'HUB_TRUST_PROXY', { HUB_TRUST_PROXY: 'true' }],
  ['a proxy range that is none', 'HUB_TRUST_PROXY', { HUB_TRUST_PROXY: '10.0.0.0/64' }],
  ['the explorer neither on nor off', 'HUB_EXPLORER', { HUB_EXPLORER: CANARY }],
  ['no depth at all', 'HUB_LIMITS_DEPTH', { HUB_LIMITS_DEPTH: '0' }],
  ['a limit that is none', 'HUB_LIMITS_PAGE_SIZE', { HUB_LIMITS_PAGE_SIZE: '50' }],
  [
    'an allowed host with a scheme',
    'HUB_ALLOWED_HOSTS',
    { HUB_ALLOWED_HOSTS: `https://${CANARY}` },
  ],
  [
    'an identity key that is not there',
    'HUB_IDENTITY_KEY_FILE',
    { HUB_IDENTITY_KEY_FILE: join(folder, CANARY) },
  ],
  [
    'a world-readable identity key',
    'HUB_IDENTITY_KEY_FILE',
    { HUB_IDENTITY_KEY_FILE: file('open.key', CANARY.repeat(9), 0o644) },
  ],
  [
    'a short identity key',
    'HUB_IDENTITY_KEY_FILE',
    { HUB_IDENTITY_KEY_FILE: file('short.key', CANARY) },
  ],
  [
    'an identity key of one letter',
    'HUB_IDENTITY_KEY_FILE',
    { HUB_IDENTITY_KEY_FILE: file('weak.key', 'a'.repeat(64)) },
  ],
  [
    'a demo identity key',
    'HUB_IDENTITY_KEY_FILE',
    { HUB_IDENTITY_KEY_FILE: file('demo.key', `demo-${CANARY}-0123456789-abcdefghijkl`) },
  ],
  [
    'a public key anyone may change',
    'HUB_JWT_PUBLIC_KEY_FILE',
    production({ HUB_JWT_PUBLIC_KEY_FILE: file('loose.pem', keySet(ed.publicKey), 0o666) }),
  ],
  [
    'two ways to check tokens',
    'HUB_JWT_PUBLIC_KEY_FILE',
    production({ HUB_JWT_JWKS: 'https://sign-in.internal/keys' }),
  ],
  [
    'production without identity key',
    'HUB_IDENTITY_KEY_FILE',
    production({ HUB_IDENTITY_KEY_FILE: '' }),
  ],
  [
    'production without sign-in key',
    'HUB_JWT_PUBLIC_KEY_FILE',
    production({ HUB_JWT_PUBLIC_KEY_FILE: undefined }),
  ],
  ['production without issuer', 'HUB_JWT_ISSUER', production({ HUB_JWT_ISSUER: undefined })],
  ['production without audience', 'HUB_JWT_AUDIENCE', production({ HUB_JWT_AUDIENCE: ' ' })],
  ['production on a frozen date', 'HUB_TODAY', production({ HUB_TODAY: '2026-06-30' })],
  ['production with a fault switch', 'HUB_FAILPOINT', production({ HUB_FAILPOINT: CANARY })],
  [
    'production with unchecked certificates',
    'NODE_TLS_REJECT_UNAUTHORIZED',
    production({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
  ],
  ['production with a debugger', 'NODE_OPTIONS', production({ NODE_OPTIONS: '--inspect=0.0.0.0' })],
  [
    'the default database password',
    'HUB_API_DATABASE_URL',
    production({ HUB_API_DATABASE_URL: 'postgres://hub:postgres@db.internal/hub' }),
  ],
  [
    'a database elsewhere without password',
    'HUB_WORKER_DATABASE_URL',
    production({ HUB_WORKER_DATABASE_URL: `postgres://${CANARY}@db.internal/hub` }),
  ],
  [
    'a Redis elsewhere without password',
    'REDIS_URL',
    production({ REDIS_URL: 'redis://cache.internal' }),
  ],
  ['a feed of two sources', 'feeds.real-estate', http(`folder: ${CANARY}`)],
  ['a feed of no source', 'feeds.income', feeds(`feeds: { income: { enabled: true } }`)],
  [
    'a feed with a misspelt key',
    'feeds.income.folders',
    feeds(`feeds: { income: { folder: x, folders: ${CANARY} } }`),
  ],
  [
    'a feed with a strange name',
    'feeds.Income Tax',
    feeds(`feeds: { Income Tax: { folder: ${CANARY} } }`),
  ],
  [
    'an address with a password',
    'feeds.real-estate.baseUrl',
    feeds(
      `feeds: { real-estate: { requester: us, secret: ${CANARY}-long-enough, baseUrl: "https://u:${CANARY}@a" } }`,
    ),
  ],
  [
    'an address that is a file',
    'feeds.real-estate.baseUrl',
    feeds(
      `feeds: { real-estate: { requester: us, secret: ${CANARY}-long-enough, baseUrl: "file:///${CANARY}" } }`,
    ),
  ],
  [
    'a signed feed without secret',
    'feeds.real-estate.secret',
    feeds('feeds: { real-estate: { requester: us, baseUrl: "https://a.example" } }'),
  ],
  ['a secret given twice', 'feeds.real-estate.secret', http(`secretFile: ${CANARY}`)],
  [
    'a secret of the example',
    'feeds.real-estate.secret',
    feeds(
      'feeds: { real-estate: { requester: us, secret: change-me, baseUrl: "https://a.example" } }',
    ),
  ],
  [
    'a secret file open to all',
    'feeds.real-estate.secretFile',
    feeds(
      `feeds: { real-estate: { requester: us, secretFile: ${file('open.secret', CANARY.repeat(3), 0o644)}, baseUrl: "https://a.example" } }`,
    ),
  ],
  [
    'a feeds file with secrets, open to all',
    'HUB_FEEDS',
    feeds(
      `feeds: { real-estate: { requester: us, secret: ${CANARY}-long-enough, baseUrl: "https://a.example" } }`,
      0o644,
    ),
  ],
  [
    'a front-end database of another kind',
    'feeds.exit-entry.databaseUrl',
    feeds(`feeds: { exit-entry: { databaseUrl: "oracle://${CANARY}@h/d" } }`),
  ],
  [
    'a schema name with a quote',
    'feeds.exit-entry.schema',
    feeds(`feeds: { exit-entry: { databaseUrl: "postgres://h/d", schema: 'a"${CANARY}' } }`),
  ],
  [
    'an unknown charset',
    'feeds.income.charset',
    feeds(`feeds: { income: { folder: x, charset: ${CANARY} } }`),
  ],
  [
    'an unknown format',
    'feeds.income.format',
    feeds(`feeds: { income: { folder: x, format: ${CANARY} } }`),
  ],
  ['a page of no rows', 'feeds.real-estate.pageSize', http('pageSize: 0')],
  ['an unknown network', 'feeds.real-estate.network', http(`network: ${CANARY}`)],
  [
    'a host off the allow list',
    'feeds.real-estate.baseUrl',
    { ...http('enabled: true'), HUB_ALLOWED_HOSTS: 'b.example' },
  ],
];

const refusal = (environment: Record<string, string | undefined>): unknown => {
  try {
    return readConfig(environment);
  } catch (error) {
    return error;
  }
};

describe('L2 a wrong configuration refuses to start, naming the setting and not its value', () => {
  test.each(BAD)('%s', (_, setting, environment) => {
    const error = refusal({ HUB_FEEDS: emptyFeeds, ...environment });
    if (!(error instanceof HubError)) throw new Error('the configuration was accepted');
    expect([error.code, error.details.setting]).toEqual(['config.invalid', setting]);
    expect(error.message).toContain(setting);
    expect([inspect(error), error.chinese, JSON.stringify(error)].join()).not.toContain(CANARY);
  });
});

test('L2 nothing given is a demo on this machine', () => {
  const config = readConfig({ HUB_FEEDS: emptyFeeds, PATH: '/bin' });
  expect(config).toMatchObject({ isProduction: false, port: 4000, host: '127.0.0.1' });
  expect([config.database, config.redisUrl, config.identityKey]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(Object.isFrozen(config)).toBe(true);
});

test('L2 the good production configuration, of which the bad ones are changes, is accepted', () => {
  const config = readConfig(PRODUCTION);
  expect(config).toMatchObject({ isProduction: true, hasExplorer: false });
  expect(config.signIn).toMatchObject({ kind: 'file', path: publicKey });
  expect(
    readConfig({ ...PRODUCTION, HUB_API_DATABASE_URL: 'postgres://hub@127.0.0.1/hub' })
      .isProduction,
  ).toBe(true);
});

test('L2 everything that is missing is told at once, each with what makes it, and nothing that is not needed', () => {
  const told = (parts: Part[], environment: Record<string, string>) => {
    try {
      readConfig({ HUB_FEEDS: emptyFeeds, ...environment }, parts);
      return [];
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      const lines = String(error.details.reason).split('\n');
      for (const line of lines) expect(line).toMatch(/: is required – .{10,}/);
      return lines.map((line) => line.trim().split(':')[0]);
    }
  };
  const some = { DATABASE_URL: `postgres://owner:${CANARY}-strong@db.internal/hub` };
  expect(told(['owner'], some)).toEqual([]);
  // A key file that cannot be read does not keep a database from being migrated.
  expect(told(['owner'], { ...some, HUB_IDENTITY_KEY_FILE: join(folder, 'none') })).toEqual([]);
  expect(told(['worker'], some)).toEqual(['HUB_WORKER_DATABASE_URL', 'HUB_IDENTITY_KEY_FILE']);
  expect(told(['worker', 'api'], some)).toEqual([
    'HUB_WORKER_DATABASE_URL',
    'HUB_API_DATABASE_URL',
    'HUB_IDENTITY_KEY_FILE',
    'HUB_JWT_ISSUER',
    'HUB_JWT_AUDIENCE',
    'HUB_JWT_PUBLIC_KEY_FILE',
  ]);
});

test('L3 a whole configuration prints without its secrets', () => {
  const config = readConfig({ ...PRODUCTION, ...http('network: public') });
  const source = config.feeds.get('real-estate');
  if (source?.kind !== 'signed-http') throw new Error('no such feed');
  expect(source.secret.reveal()).toContain(CANARY);
  const printed = [
    inspect(config, { depth: 9 }),
    JSON.stringify([...config.feeds]),
    `${source.secret}`,
  ];
  expect(printed.join()).not.toContain(CANARY);
});

test('the file .env is read, and the environment goes before it', () => {
  const before = { folder: process.cwd(), environment: { ...process.env } };
  const place = mkdtempSync(join(tmpdir(), 'hub-env-'));
  writeFileSync(join(place, '.env'), 'HUB_TODAY=2026-06-30\nHUB_NIGHTLY_CRON="30 3 * * *"\n');
  try {
    process.chdir(place);
    // The suite itself may run against a server that DATABASE_URL names.
    delete process.env.DATABASE_URL;
    process.env.HUB_TODAY = '2026-05-31';
    expect(loadConfig()).toMatchObject({ today: '2026-05-31', nightlyCron: '30 3 * * *' });
    writeFileSync(join(place, '.env'), `HUB_NIGHLTY_CRON=${CANARY}\n`);
    expect(loadConfig).toThrow(/HUB_NIGHLTY_CRON/);
  } finally {
    process.chdir(before.folder);
    process.env = before.environment;
  }
});

const readExample = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

test('.env.example documents every setting, with its true default, and none that is unknown', () => {
  const lines = readExample('.env.example').split('\n');
  const given = lines
    .filter((line) => /^[A-Z_]+=/.test(line))
    .map((line) => line.split(/=(.*)/, 2));
  const expected = Object.keys(SETTINGS).filter((name) => !TEST_SETTINGS.includes(name));
  expect(given.map(([name]) => name).sort()).toEqual(expected.sort());
  for (const [at, line] of lines.entries()) {
    if (/^[A-Z_]+=/.test(line)) expect(lines[at - 1]).toMatch(/^(#|[A-Z_]+=)/);
  }
  const plain = readConfig({ HUB_FEEDS: emptyFeeds });
  expect(readConfig({ ...Object.fromEntries(given), HUB_FEEDS: emptyFeeds })).toEqual(plain);
});

test('feeds.example.yml documents every key of every source, and none that is unknown', () => {
  const text = readExample('feeds.example.yml');
  const shown = Object.values(parse(text).feeds as Record<string, object>);
  const offered = [...text.matchAll(/^\s+# (secret|databaseUrl): /gm)].map(([, name]) => name);
  const known = Object.values(FEED_SHAPES).flatMap((shape) => Object.keys(shape.shape));
  const documented = new Set([...shown.flatMap((it) => Object.keys(it)), ...offered]);
  expect([...documented].sort()).toEqual([...new Set(known)].sort());
  // With the two secret files in place the example itself is a valid file.
  const secret = file('example.secret', 'a-secret-of-this-test');
  const url = file('example.url', 'postgres://reader:long-password@front-end.internal/exchange');
  const placed = text
    .replace('/etc/integrity-hub/real-estate.secret', secret)
    .replace('/etc/integrity-hub/exit-entry.url', url);
  const config = readConfig(feeds(placed, 0o644));
  expect([...config.feeds.values()].map((it) => it.kind)).toEqual([
    'file-drop',
    'signed-http',
    'front-end-database',
  ]);
});
