/** The page on installing, followed word for word on a server where the hub was never heard of. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  clusterFolder,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/embedded-postgres.ts';
import { freePort } from '../harness/free-port.ts';
import {
  type PlainServer,
  plainServerPrograms,
  startPlainServer,
} from '../harness/plain-server.ts';
import { hasRedisServer, type OwnRedis, ownRedis } from '../harness/redis.ts';
import { blocksOf, follow, namesIn } from './page.ts';

const PAGE = 'INSTALL.md';
const mark = `t${randomBytes(4).toString('hex')}`;
const folder = mkdtempSync(join(tmpdir(), 'hub-install-'));
const at = (name: string) => join(folder, name);
const ISSUER = 'https://sign-in.example';
const ANALYST = 'li.ming';

const hasClients = spawnSync('pg_dump', ['--version']).status === 0;

let plain: PlainServer | undefined;
let empty: EmbeddedPostgres | undefined;
let redis: OwnRedis | undefined;
let signIn: Server | undefined;
const keys = generateKeyPairSync('ed25519');

beforeAll(async () => {
  if (!plainServerPrograms || !hasClients) return;
  plain = await startPlainServer(plainServerPrograms);
  empty = await startEmbeddedPostgres({ folder: at('empty'), isThrowAway: true });
  if (hasRedisServer) {
    redis = await ownRedis();
    await redis.start();
  }
  const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'EdDSA', use: 'sig' };
  signIn = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((done) => signIn?.listen(0, '127.0.0.1', done));
});

afterAll(async () => {
  signIn?.close();
  await redis?.remove();
  await plain?.stop();
  await empty?.stop();
  rmSync(clusterFolder(at('empty')), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

const token = () =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA', kid: 'a' })
    .setIssuer(ISSUER)
    .setAudience('integrity-hub')
    .setSubject(ANALYST)
    .setIssuedAt()
    .setExpirationTime('2h')
    .sign(keys.privateKey);

/** Where a server is, and its password where `psql` looks for it. */
function serverAt(url: URL) {
  const { hostname, port, username, password } = url;
  if (password) {
    const line = `${hostname}:${port}:*:${username}:${decodeURIComponent(password)}\n`;
    writeFileSync(at('pgpass'), line, { mode: 0o600, flag: 'a' });
  }
  return { host: hostname, port: port || '5432', user: username };
}

test('both languages show the same commands', () => {
  const textOf = (page: string) => blocksOf(page).map(({ kind, text }) => [kind, strip(text)]);
  expect(textOf('INSTALL.zh-CN.md')).toEqual(textOf(PAGE));
});

/** Remarks are in the page's language, and the values beside them are the same. */
const strip = (text: string) => text.replace(/ +#.*$/gm, '').replace(/^#(?!!).*\n/gm, '');

test.skipIf(!plainServerPrograms || !hasClients)(
  'E7 whoever follows the page reads a warning, restores it on an empty server, and keeps it under a new key',
  async () => {
    const blocks = blocksOf(PAGE);
    const first = serverAt(plain?.url ?? new URL('postgres://nowhere'));
    const second = serverAt(new URL(empty?.url.reveal() ?? ''));
    const address = signIn?.address();
    const values = {
      HUB: mark,
      ...{ PGHOST: first.host, PGPORT: first.port, PGUSER: first.user },
      REDIS_URL: redis?.url.reveal() ?? '',
      ...{ ETC: at('etc'), STATE: at('state'), INBOX: at('inbox') },
      ...{ PORT_1: String(await freePort()), PORT_2: String(await freePort()) },
      JWKS_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`,
      ...{ ISSUER, AUDIENCE: 'integrity-hub', ANALYST, TOKEN: await token() },
      ...{ RESTORE_HOST: second.host, RESTORE_PORT: second.port, RESTORE_USER: second.user },
    };
    const page = blocks.find(({ kind }) => kind === 'values');
    expect(Object.keys(values).sort()).toEqual(namesIn(page?.text ?? ''));
    const { code, output } = await follow(blocks, { ...values, PGPASSFILE: at('pgpass') });
    const logged = readFileSync(at('state/hub.log'), 'utf8');
    expect({ code, output: code === 0 ? '' : `${output}\n${logged}` }).toEqual({
      code: 0,
      output: '',
    });
    const warning = JSON.parse(readFileSync(at('state/first-warning.json'), 'utf8'));
    expect(warning.data.warnings.totalCount).toBeGreaterThan(0);
    expect(warning.data.warnings.nodes[0].questionZh).not.toBe('');
    // Not one warning is lost or made by the new key.
    const rekeyed = JSON.parse(readFileSync(at('state/rekeyed.json'), 'utf8'));
    expect(rekeyed.data.warnings.totalCount).toBe(warning.data.warnings.totalCount);
    // Nobody else of the machine reads the settings, and no password reached a log or the printed SQL.
    const passwords = readdirSync(at('etc'))
      .filter((name) => name.endsWith('.env'))
      .flatMap((name) => readFileSync(at(`etc/${name}`), 'utf8').match(/:[0-9a-f]{48}@/g) ?? []);
    expect(passwords).toHaveLength(3);
    for (const password of passwords.map((it) => it.slice(1, -1))) {
      for (const text of [logged, output, readFileSync(at('etc/roles.sql'), 'utf8')]) {
        expect(text).not.toContain(password);
      }
    }
    for (const name of readdirSync(at('etc'))) {
      expect([name, statSync(at(`etc/${name}`)).mode & 0o077]).toEqual([name, 0]);
    }
  },
);
