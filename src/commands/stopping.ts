/**
 * How a running hub is told to end. The first Ctrl-C or SIGTERM lets it finish in order; a second
 * one ends it at once. What has not ended in order within half a minute is ended all the same: nothing
 * is lost by that, for what was not committed is done again by the next run.
 */
import { hasHungFiles } from '../transports/patience-with-files.ts';

/** Longer than a stage's grace, the queue's and the closing of every connection together. */
const LONGEST_END_MS = 30_000;

export type Stopping = {
  signal: AbortSignal;
  /** Resolves when told to end. */
  told: Promise<void>;
};

export function listenForStop(): Stopping {
  const controller = new AbortController();
  const told = new Promise<void>((done) => {
    const stop = () => {
      if (controller.signal.aborted) leave(130);
      controller.abort();
      setTimeout(force, LONGEST_END_MS).unref();
      done();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  return { signal: controller.signal, told };
}

function force(): void {
  process.stderr.write(
    '半分钟内未能正常结束，已强制结束；未提交的由下次运行重做。\nNot ended in half a minute, so ended by force; the next run does again what was not committed.\n',
  );
  leave(1);
}

/** Ends the process, also while a file system hangs: an orderly exit would wait for its answer for ever. */
export function leave(code?: number): void {
  if (hasHungFiles()) process.kill(process.pid, 'SIGKILL');
  process.exit(code ?? process.exitCode);
}

/** Things to close, in the reverse order of opening; one that fails does not keep the others open. */
export class Closing {
  readonly #steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }

  async close(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      await step().catch(() => undefined);
    }
  }
}
