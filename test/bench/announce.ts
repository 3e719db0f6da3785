/** How a server under measurement tells its starter that it is ready, and where. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Ready = { port: number; token?: string };

/** Called by the server's process. */
export function announce(address: Ready | string | null, token?: string): void {
  if (address === null || typeof address === 'string') throw new Error('no port');
  // Whoever started this server is gone when the channel closes.
  process.once('disconnect', () => process.exit());
  process.send?.({ port: address.port, ...(token ? { token } : {}) });
}

/** Starts a script of this folder and waits until it is ready. */
export function startServer(
  script: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; ready: Ready }> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(path, [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((done, fail) => {
    child.once('message', (ready: Ready) => done({ child, ready }));
    child.once('exit', (exitCode) => fail(new Error(`${script} ended with ${exitCode}`)));
  });
}
