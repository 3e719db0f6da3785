/**
 * How a running hub is told to end. The first Ctrl-C or SIGTERM lets it finish in order; a second
 * one ends it at once.
 */
export type Stopping = {
  signal: AbortSignal;
  /** Resolves when told to end. */
  told: Promise<void>;
};

export function listenForStop(): Stopping {
  const controller = new AbortController();
  const told = new Promise<void>((done) => {
    const stop = () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
      done();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  return { signal: controller.signal, told };
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
