/**
 * How a process under measurement tells its starter that it is ready, and how much memory it has
 * needed. A plain JavaScript server may say the same: it sends `{port}` and answers 'usage'.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Usage = {
  /** The most memory it has had so far, in bytes. */
  memory: number;
  /** Processor time so far. */
  cpuSeconds: number;
};
export type Ready = { port: number; tokens?: readonly string[] };

/** Called by the process under measurement; a worker, which has no port, says 0. */
export function announce(ready: Ready): void {
  // Whoever started this process is gone when the channel closes.
  process.once('disconnect', () => process.exit());
  process.on('message', () => process.send?.(usageOf(process.resourceUsage())));
  process.send?.(ready);
}

const usageOf = ({ maxRSS, userCPUTime, systemCPUTime }: NodeJS.ResourceUsage): Usage => ({
  memory: maxRSS * 1024,
  cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
});

export function portOf(address: { port: number } | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export type Started = {
  ready: Ready;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
};

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Starts a script of this folder and waits until it is ready. */
export function startProcess(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(path, [...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  });
  const usage = () =>
    new Promise<Usage>((done) => {
      child.once('message', done);
      child.send('usage');
    });
  const stop = async () => {
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill();
    if (!hasEnded(child)) await ended;
  };
  return new Promise((done, fail) => {
    child.once('message', (ready: Ready) => done({ ready, usage, stop }));
    child.once('exit', (exitCode) => fail(new Error(`${script} ended with ${exitCode}`)));
  });
}
