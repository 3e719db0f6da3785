/**
 * A PostgreSQL server of this machine's distribution, as it comes: nothing in it but its superuser. Where
 * none is installed there is none, and tests that need one are passed over.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgres } from '../../src/platform/driver.ts';
import { isRoot, NOBODY, runAs } from '../../src/platform/embedded-programs.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const PLACE = '/usr/lib/postgresql';

/** The folder of the oldest server's programs: whoever runs the newest has the most. */
function programs(): string | undefined {
  if (!existsSync(PLACE)) return undefined;
  const found = readdirSync(PLACE).map((version) => join(PLACE, version, 'bin'));
  return found.sort().find((bin) => existsSync(join(bin, 'initdb')));
}

export const plainServerPrograms = programs();

export type PlainServer = { url: URL; stop(): Promise<void> };

export async function startPlainServer(bin: string): Promise<PlainServer> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-plain-'));
  if (isRoot()) chownSync(folder, NOBODY, NOBODY);
  const data = join(folder, 'data');
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-N'], {
    ...runAs(),
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const port = await freePort();
  const args = ['-D', data, '-p', String(port), '-k', folder, '-F', '-c', 'max_connections=200'];
  const child: ChildProcess = spawn(join(bin, 'postgres'), args, { ...runAs(), stdio: 'ignore' });
  const url = new URL(`postgres://postgres@127.0.0.1:${port}/postgres`);
  const answers = async () => {
    const sql = postgres(url.href, { max: 1, onnotice: () => undefined });
    const isUp = await sql`select 1`.then(Boolean, () => false);
    await sql.end({ timeout: 1 });
    return isUp;
  };
  await until(answers);
  return {
    url,
    async stop() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGQUIT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
