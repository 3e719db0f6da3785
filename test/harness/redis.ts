/**
 * Redis for tests: one that answers already (REDIS_URL, or the usual local port), and servers of our
 * own that may be killed and emptied. Where neither exists, only the PostgreSQL backend is tested.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Secret } from '../../src/base/secret.ts';
import { freePort } from './free-port.ts';

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

/** A Redis that runs anyway; tests use a prefix of their own in it and remove it. */
export async function runningRedis(): Promise<Secret | undefined> {
  const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379/9';
  return (await answers(url)) ? new Secret(url) : undefined;
}

export async function removeKeys(url: Secret, prefix: string): Promise<void> {
  const redis = new Redis(url.reveal());
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(...keys);
  redis.disconnect();
}

export const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

export type OwnRedis = {
  url: Secret;
  start(): Promise<void>;
  /** SIGKILL, as a power cut. */
  kill(): Promise<void>;
  /** Throws its disk away; the next start is empty. */
  empty(): void;
  remove(): Promise<void>;
};

/** A server with an append-only file in a folder of its own. */
export async function ownRedis(): Promise<OwnRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const kill = async () => {
    const running = child;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((done) => running.once('exit', done));
    running.kill('SIGKILL');
    await ended;
    child = undefined;
  };
  return {
    url: new Secret(url),
    async start() {
      child = spawn(
        'redis-server',
        [
          '--port',
          String(port),
          '--bind',
          '127.0.0.1',
          '--dir',
          folder,
          '--appendonly',
          'yes',
        ].concat(['--appendfsync', 'always', '--save', '']),
        { stdio: 'ignore' },
      );
      const deadline = Date.now() + 10_000;
      while (!(await answers(url))) {
        if (Date.now() > deadline) throw new Error('redis-server does not answer');
      }
    },
    kill,
    empty: () => rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true }),
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
