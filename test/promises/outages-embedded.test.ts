/** The embedded server dies under a running hub: it is started again where it was, with what it had. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { connect } from '../../src/platform/database.ts';
import { clusterFolder, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { until } from '../harness/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-outage-'));
afterAll(() => {
  rmSync(clusterFolder(folder), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

const lockFile = () => join(clusterFolder(folder), 'cluster', 'postmaster.pid');
const serverPid = () => Number(readFileSync(lockFile(), 'utf8').split('\n')[0]);

test('L4 a dead embedded server is started again at its address, also for hubs that share it', async () => {
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line));
  const first = await startEmbeddedPostgres({ folder, isThrowAway: true, log });
  const second = await startEmbeddedPostgres({ folder, isThrowAway: true, log });
  const clients = [first, second].map(({ url }) => connect(url, { role: 'owner', max: 1 }));
  const answers = async () => {
    const asked = clients.map((sql) => sql<{ n: number }[]>`select n from public.kept`);
    const rows = await Promise.all(asked).catch(() => []);
    return rows.length === 2 && rows.every(([row]) => row?.n === 7);
  };
  const [sql] = clients;
  await sql?.unsafe('create table public.kept as select 7 as n');
  await sql?.unsafe('checkpoint');
  try {
    for (const round of [1, 2]) {
      process.kill(serverPid(), 'SIGKILL');
      const restarted = () => lines.filter((line) => line.includes('"database.server-restarted"'));
      // Each of the two hubs hears of it.
      await until(async () => restarted().length === 2 * round);
      await until(answers);
    }
    expect(lines.filter((line) => line.includes('"database.server-lost"'))).toHaveLength(4);
  } finally {
    await Promise.all(clients.map((client) => client.end({ timeout: 2 })));
    await first.stop();
    expect(existsSync(lockFile())).toBe(true);
    await second.stop();
  }
  expect(existsSync(lockFile())).toBe(false);
});
