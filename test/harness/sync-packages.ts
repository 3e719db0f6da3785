/**
 * Run as a process of its own, so that a test may kill it: brings the packages of a JSON file into a
 * database, feed by feed, as often as it is started.
 *
 *   node test/harness/sync-packages.ts <database url> <packages.json>
 */
import { readFileSync } from 'node:fs';
import { systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/base/secret.ts';
import { registerFeeds, syncFeed } from '../../src/pipeline/index.ts';
import { connect } from '../../src/platform/database.ts';
import { deliveries, littleCounty, type Package, syncContext } from './deliver.ts';

const [url, file] = process.argv.slice(2);
if (!url || !file) throw new Error('usage: sync-packages.ts <database url> <packages.json>');
const packages: Package[] = JSON.parse(readFileSync(file, 'utf8'));
const sql = connect(new Secret(url), { role: 'worker', max: 4 });
await registerFeeds(sql, await littleCounty());
// A killed holder's lease runs out by the clock: a short term keeps the test from waiting for it.
const ctx = { ...(await syncContext(sql)), clock: systemClock, leaseMs: 300 };
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
for (const feed of new Set(packages.map((each) => each.feed))) {
  const own = packages.filter((each) => each.feed === feed);
  await syncFeed({ ...ctx, signal: stop.signal }, feed, deliveries(own), 'test');
}
await sql.end();
