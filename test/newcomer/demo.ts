/** `npm start` in a clone, as a newcomer starts it, until the page is there; asked once, and stopped. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterFolder } from '../../src/platform/embedded-postgres.ts';

export type Demo = {
  /** Feeds whose data have reached the graph. */
  deliveredFeeds(): Promise<string[]>;
  /** How many warnings of a rule an analyst of the city sees, a hundred at most. */
  warningsOf(rule: string): Promise<number>;
  stop(): Promise<void>;
};

const LONGEST_START_MS = 300_000;
const LONGEST_STOP_MS = 30_000;
const OURS = /^(HUB_|DATABASE_URL|REDIS_URL|PORT$|VITEST|NODE_OPTIONS)/;

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

const WARNINGS = `query ($rule: [String!]) {
  warnings(first: 100, filter: { rule: $rule }) { edges { node { ruleCode } } } }`;
const FEEDS = '{ feeds { code dataAsOf } }';

type Answers = {
  warnings: { edges: unknown[] };
  feeds: { code: string; dataAsOf: string | null }[];
};

export async function startDemo(folder: string): Promise<Demo> {
  const data = mkdtempSync(join(tmpdir(), 'hub-newcomer-'));
  const own = Object.entries(process.env).filter(([name]) => !OURS.test(name));
  const port = await freePort();
  const child = spawn('npm', ['start', '--', '--officials', '300'], {
    cwd: folder,
    env: { ...Object.fromEntries(own), HUB_DATA: data, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches npm and the program alike.
    detached: true,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const hasStopped = () => child.exitCode !== null || child.signalCode !== null;

  const stop = async () => {
    if (!hasStopped()) process.kill(-(child.pid ?? 0), 'SIGINT');
    await Promise.race([ended, delay(LONGEST_STOP_MS)]);
    rmSync(clusterFolder(join(data, 'postgres')), { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
  };

  const deadline = performance.now() + LONGEST_START_MS;
  const tokenOf = () => /^ *city-analyst .*\n *(\S+)$/m.exec(said)?.[1];
  while (!(said.includes('就绪 Ready') && tokenOf())) {
    if (hasStopped() || performance.now() > deadline) {
      await stop();
      throw new Error(`the demo did not start:\n${said}`);
    }
    await delay(200);
  }
  const ask = async (query: string, variables: object = {}): Promise<Answers> => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf()}` },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data?: Answers };
    if (!answer.data) throw new Error(JSON.stringify(answer));
    return answer.data;
  };
  return {
    warningsOf: async (rule) => (await ask(WARNINGS, { rule: [rule] })).warnings.edges.length,
    async deliveredFeeds() {
      const { feeds } = await ask(FEEDS);
      return feeds.filter(({ dataAsOf }) => dataAsOf !== null).map(({ code }) => code);
    },
    stop,
  };
}
