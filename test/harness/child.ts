/** Child processes that run a script of the harness on the project's own Node. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Ended = { code: number | null; signal: NodeJS.Signals | null; errors: string };

export type Child = { pid: number; ended: Promise<Ended>; kill(signal: NodeJS.Signals): void };

/** Starts `test/harness/<script>`; `env` is added to the environment. */
export function startChild(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Child {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<Ended>((done) => {
    child.once('exit', (code, signal) => done({ code, signal, errors }));
  });
  return { pid: child.pid ?? 0, ended, kill: (signal) => child.kill(signal) };
}

/** Runs a script until it ends by itself with 0; a busy lease or a kill is tried again. */
export async function runUntilDone(
  script: string,
  args: readonly string[],
  deadlineMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const { code, errors } = await startChild(script, args).ended;
    if (code === 0) return;
    if (!errors.includes('run.busy') || performance.now() > deadline) throw new Error(errors);
  }
}
