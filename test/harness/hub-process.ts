/** The program itself, as a user starts it, in a process and a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { clusterFolder } from '../../src/platform/embedded-postgres.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export type Ended = { code: number | null; stdout: string; stderr: string };
export type HubProcess = {
  pid: number;
  child: ChildProcess;
  output(): string;
  says(text: string | RegExp, seconds?: number): Promise<void>;
  ended: Promise<Ended>;
};

/** Settings of the test run that must not reach the program. */
const OURS = /^(HUB_|DATABASE_URL|REDIS_URL|PORT$|VITEST|NODE_OPTIONS)/;
const cleanEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

export function startHub(
  args: readonly string[],
  settings: Record<string, string> = {},
): HubProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...cleanEnvironment(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((done) =>
    child.once('close', (code) => done({ code, stdout, stderr })),
  );
  return {
    pid: child.pid ?? 0,
    child,
    ended,
    output: () => stdout,
    says: (text, seconds = 60) =>
      new Promise<void>((done, fail) => {
        const complain = (what: string) => fail(new Error(`${what}:\n${stdout}\n${stderr}`));
        const timer = setTimeout(() => complain(`did not say ${text}`), seconds * 1000);
        const look = () => {
          if (!stdout.match(text)) return;
          clearTimeout(timer);
          done();
        };
        child.stdout.on('data', look);
        child.once('close', () => complain(`ended without saying ${text}`));
        look();
      }),
  };
}

/** Runs a command to its end. */
export const hub = (args: readonly string[], settings: Record<string, string> = {}) =>
  startHub(args, settings).ended;

const folders: string[] = [];

// At the file's end, whether a test asked for the folder or the file itself.
afterAll(() => {
  for (const folder of folders) {
    for (const pid of processesIn(folder)) process.kill(pid, 'SIGQUIT');
    rmSync(clusterFolder(join(folder, 'postgres')), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A data folder that is removed at the end, with whatever a killed hub left running in it. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hub-start-'));
  folders.push(folder);
  return folder;
}

/** Processes that work in this data folder: its server, wherever it lives, and children. */
export function processesIn(folder: string): number[] {
  return [...serversIn(folder), ...serversIn(clusterFolder(join(folder, 'postgres')))];
}

/** Process ids whose command line names this folder (Linux; elsewhere the list is empty). */
function serversIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => commandOf(name).includes(folder))
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
