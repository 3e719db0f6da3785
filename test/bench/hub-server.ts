/**
 * The hub's own API over a database of the bench, with everything a real one has: sign-in, limits,
 * row policies, the access log. Announces a token for each of 32 actors.
 *
 *   node test/bench/hub-server.ts <database url> <folder for keys>
 */
import { startApi } from '../../src/api/index.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { connect } from '../../src/platform/database.ts';
import { openKeys } from '../../src/platform/keys.ts';
import { enterActors } from '../harness/enter-actors.ts';
import { announce } from './announce.ts';

/** Each sees the whole county, as the baseline does. */
const ACTORS = Array.from({ length: 32 }, (_, i) => `bench-${i}`);
const [url, folder] = process.argv.slice(2);
if (!url || !folder) throw new Error('usage: hub-server.ts <database url> <folder>');
const databaseUrl = new Secret(url);
const keys = await openKeys(folder, { kind: 'demo' }, systemClock);
const api = connect(databaseUrl, { role: 'api', max: 1 });
const analyst = { roles: ['analyst'], authorities: ['city', 'county'] };
await enterActors(
  api,
  ACTORS.map((id) => ({ id, ...analyst })),
);
await api.end({ timeout: 5 });
const refuse = () => Promise.reject(new Error('the bench runs nothing'));
const server = await startApi({
  config: {
    host: '127.0.0.1',
    port: 0,
    trustedProxies: [],
    limits: { depth: 12, cost: 100_000, tokens: 2_000 },
  },
  databaseUrl,
  keys,
  clock: systemClock,
  log: silentLog,
  actions: { startSync: refuse, startCorrelation: refuse },
});
const tokens = await Promise.all(ACTORS.map((actor) => keys.mint?.(actor) ?? ''));
announce({ port: server.port, tokens });
