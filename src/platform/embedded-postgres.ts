/**
 * A real PostgreSQL server from npm, in a data folder that survives restarts. Finds a server that a
 * killed hub left running in the same folder and uses it; starts one otherwise. Several hubs may
 * share one server: each signs in to the folder, and the last one out stops it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { HubError } from '../base/errors.ts';
import { type Log, silentLog } from '../base/log.ts';
import { Secret } from '../base/secret.ts';
import { postgres } from './driver.ts';
import { clusterFolder, isRoot, NOBODY, programs, runAs } from './embedded-programs.ts';
import { watchServer } from './embedded-watch.ts';

export { clusterFolder } from './embedded-programs.ts';

export type EmbeddedPostgres = {
  url: Secret;
  port: number;
  /** False when a server that ran already was found and used. */
  wasStarted: boolean;
  /** No other living hub uses the server: whatever still claims to be at work in it is dead. */
  isAlone: boolean;
  /** Signs out; stops the server unless another living hub uses it. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** Folder for the cluster and its password. */
  folder: string;
  /** Speed for throw-away test clusters; never for data that must survive a power cut. */
  isThrowAway?: boolean;
  settings?: Record<string, string>;
  /** Hears of a server that died and was started again. */
  log?: Log;
  /** Gives up the start, leaving no server behind that it started. */
  signal?: AbortSignal;
};

/** Recovery after a power cut may take this long before the server answers. */
const START_SECONDS = 120;
const SMALL_SHARED_MEMORY = 1024 ** 3;

const failed = (reason: string, cause?: unknown) =>
  new HubError('database.start-failed', { reason }, cause);

const freePort = () =>
  new Promise<number>((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

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

async function until(condition: () => boolean | Promise<boolean>, seconds: number) {
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
  } catch (error) {
    // Someone else's process is alive all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** After a reboot the number in a lock file may belong to another program altogether. */
function isServerOf(pid: number, cluster: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  const path = `/proc/${pid}/cmdline`;
  const command = existsSync(path)
    ? readFileSync(path, 'utf8').replaceAll('\0', ' ')
    : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return command.includes(cluster);
}

/** Process id and port of the living server that owns the folder; clears a stale lock file. */
function runningServer(cluster: string): { pid: number; port: number } | undefined {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (isServerOf(pid, cluster)) return { pid, port: Number(lines[3]) };
  rmSync(path, { force: true });
  return undefined;
}

/** Fast shutdown (SIGINT): open transactions roll back, the next start needs no recovery. */
async function stopServer(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGINT');
  if (await until(() => !isAlive(pid), 30)) return;
  // Immediate shutdown: the next start recovers from the log, nothing committed is lost.
  process.kill(pid, 'SIGQUIT');
  await until(() => !isAlive(pid), 10);
}

/** Who uses the server: one file per hub process. */
function signIn(home: string) {
  const folder = join(home, 'users');
  mkdirSync(folder, { recursive: true });
  const isAlone = () =>
    readdirSync(folder).filter((name) => {
      if (isAlive(Number.parseInt(name, 10))) return true;
      rmSync(join(folder, name), { force: true });
      return false;
    }).length === 0;
  const wasAlone = isAlone();
  const own = join(folder, `${process.pid}-${randomBytes(4).toString('hex')}`);
  writeFileSync(own, '');
  return {
    wasAlone,
    signOut() {
      rmSync(own, { force: true });
      return { isLast: isAlone() };
    },
  };
}

/** One process at a time prepares and starts; the others wait and then find it running. */
async function alone<T>(home: string, work: () => Promise<T>): Promise<T> {
  const path = join(home, 'starting');
  const take = () => {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return true;
    } catch {
      const pid = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
      if (pid > 0 && !isAlive(pid)) rmSync(path, { force: true });
      return false;
    }
  };
  if (!(await until(take, START_SECONDS))) throw failed('another process is still starting it');
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function prepareHome(folder: string): string {
  try {
    const home = clusterFolder(folder);
    mkdirSync(home, { recursive: true });
    if (isRoot()) chownSync(home, NOBODY, NOBODY);
    return home;
  } catch (cause) {
    throw failed('the data folder cannot be written', cause);
  }
}

export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const home = prepareHome(options.folder);
  return alone(home, async () => {
    const user = signIn(home);
    try {
      const found = (await findRunning(home)) ?? (await start(home, options));
      const watch = watchServer({
        isAlive: () => isServerOf(found.pid, join(home, 'cluster')),
        revive: () =>
          alone(home, async () => {
            // Clients know its address, so it comes back there; another hub may have been quicker.
            const { pid } =
              (await findRunning(home)) ?? (await start(home, { ...options, port: found.port }));
            found.pid = pid;
          }),
        log: options.log ?? silentLog,
      });
      // Also alone: a hub that is just starting must not find a server that is about to go.
      const stop = async () => {
        await watch.end();
        await alone(home, async () => {
          if (user.signOut().isLast) await stopServer(found.pid);
        });
      };
      const { url, port, wasStarted } = found;
      return { url, port, wasStarted, isAlone: user.wasAlone, stop };
    } catch (error) {
      user.signOut();
      throw error;
    }
  });
}

type Found = { url: Secret; port: number; pid: number; wasStarted: boolean };

const urlOf = (home: string, port: number) => {
  const password = readFileSync(join(home, 'password'), 'utf8');
  return new Secret(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`);
};

async function findRunning(home: string): Promise<Found | undefined> {
  const cluster = join(home, 'cluster');
  const running = runningServer(cluster);
  if (!running) return undefined;
  const url = urlOf(home, running.port);
  // It may still be recovering, or be on its way out.
  await until(async () => !isAlive(running.pid) || (await answers(url)), START_SECONDS);
  if (!isAlive(running.pid)) return undefined;
  if (!(await answers(url))) throw failed('a server runs in the folder but does not answer');
  return { url, port: running.port, pid: running.pid, wasStarted: false };
}

async function start(home: string, options: EmbeddedOptions & { port?: number }): Promise<Found> {
  const native = await programs();
  const cluster = join(home, 'cluster');
  if (!existsSync(cluster)) initialise(native, home, cluster);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const outcome = await launch(native, cluster, port, options, urlOf(home, port));
    if ('pid' in outcome) return { ...outcome, url: urlOf(home, port), port, wasStarted: true };
    // Between asking for a free port and taking it, someone else took it.
    const isPortTaken = /could not create any TCP|Address already in use/i.test(outcome.output);
    if (isPortTaken && attempt < 5 && options.port === undefined) continue;
    throw failed(lastLine(outcome.output) ?? 'no answer');
  }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1);

function initialise(native: string, home: string, cluster: string) {
  const passwordFile = join(home, 'password');
  // Renamed when whole: a kill during initdb must not leave a cluster that looks ready.
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (isRoot()) chownSync(passwordFile, NOBODY, NOBODY);
  const result = spawnSync(
    join(native, 'bin', 'initdb'),
    ['-D', draft, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`].concat([
      '-E',
      'UTF8',
      '--locale=C',
      '--data-checksums',
    ]),
    { ...runAs(), encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  if (result.status !== 0) {
    throw failed(lastLine(result.stderr || String(result.error)) ?? 'initdb');
  }
  renameSync(draft, cluster);
}

function settingsOf(options: EmbeddedOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: `${sharedBufferMegabytes()}MB`,
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    max_wal_size: '4GB',
    random_page_cost: '1.1',
    jit: 'off',
    // Statements and error details would carry delivered values into the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(hasSmallSharedMemory() ? { dynamic_shared_memory_type: 'mmap' } : {}),
    ...(options.isThrowAway
      ? {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          shared_buffers: '256MB',
        }
      : {}),
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** Containers often have 64 MB there, and parallel queries then fail with "no space left". */
/** An eighth of the memory there is: a load's indexes stay in it, and a small machine still starts. */
function sharedBufferMegabytes(): number {
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const eighth = Math.min(totalmem(), limit) / 8 / 2 ** 20;
  return Math.round(Math.min(Math.max(eighth, 128), 4096));
}

function hasSmallSharedMemory(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize < SMALL_SHARED_MEMORY;
  } catch {
    return true;
  }
}

/** The running server's process id, or what it said before it gave up. */
async function launch(
  native: string,
  cluster: string,
  port: number,
  options: EmbeddedOptions,
  url: Secret,
): Promise<{ pid: number } | { output: string }> {
  // Its own process group: Ctrl-C reaches the hub, which then stops the server in order.
  const child: ChildProcess = spawn(
    join(native, 'bin', 'postgres'),
    ['-D', cluster, '-p', String(port), ...settingsOf(options)],
    {
      ...runAs(),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    },
  );
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2000);
  };
  child.stderr?.on('data', collect);
  child.on('error', (error) => collect(Buffer.from(`${error.name}\n`)));
  const hasEnded = () => child.exitCode !== null || child.pid === undefined;
  const isOver = () => hasEnded() || options.signal?.aborted === true;
  await until(async () => isOver() || (await answers(url)), START_SECONDS);
  if (isOver() || !(await answers(url))) {
    if (child.pid !== undefined && !hasEnded()) await stopServer(child.pid);
    return { output };
  }
  child.stderr?.off('data', collect).resume();
  child.unref();
  if (child.stderr && 'unref' in child.stderr && typeof child.stderr.unref === 'function') {
    child.stderr.unref();
  }
  return { pid: child.pid ?? 0 };
}
