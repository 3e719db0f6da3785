/**
 * Interprets the pages of a batch: where the caller is for a small batch, in threads of their own
 * for a large one, so that reading, interpreting and writing go on at the same time. Both give the
 * same lines. Threads hold nothing that must survive them: killed with the process, they leave nothing.
 */
import { Worker } from 'node:worker_threads';
import type { Connector, Manifest } from '../../../connectors/kit/index.ts';
import { FACT_TABLES, type FactTable } from '../../../schema/fact-tables.ts';
import { type Batch, connectorOf, type StageContext } from '../stage.ts';
import { type InterpretedPage, type LandedPage, pageInterpreter } from './interpret-page.ts';

export type Interpreters = {
  /** Pages worth handing over before the first is asked back. */
  atOnce: number;
  interpret(page: LandedPage): Promise<InterpretedPage>;
  close(): Promise<void>;
};

/** What a thread is started with; functions do not travel, so it compiles the feed again. */
export type ThreadSetup = {
  manifest: Manifest;
  folder: string;
  batch: Pick<Batch, 'feedId' | 'header' | 'asOf'>;
  identityKey: string;
  tables: ReadonlyMap<string, FactTable>;
};

const THREADS = 2;
/** Below this, starting threads takes longer than the work. */
const PAGES_WORTH_THREADS = 200;
/** Pages one thread has before it: one it works on and the next few. */
const PAGES_AHEAD = 4;
/** Ample for a page; without it a thread's garbage grows as far as the machine lets it. */
const LIMITS = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 96 };

type Waiting = { done(page: InterpretedPage): void; fail(error: unknown): void };

function startThread(setup: ThreadSetup) {
  const worker = new Worker(new URL('./interpreter-thread.ts', import.meta.url), {
    workerData: setup,
    resourceLimits: LIMITS,
    execArgv: [],
  });
  const waiting: Waiting[] = [];
  let broken: unknown;
  const breakOff = (error: unknown) => {
    broken ??= error;
    for (const { fail } of waiting.splice(0)) fail(broken);
  };
  worker.on('message', (page: InterpretedPage) => waiting.shift()?.done(page));
  worker.on('error', breakOff);
  worker.on('exit', () => breakOff(new Error('an interpreting thread ended')));
  return {
    interpret: (page: LandedPage) =>
      new Promise<InterpretedPage>((done, fail) => {
        if (broken !== undefined) return fail(broken);
        waiting.push({ done, fail });
        worker.postMessage(page);
      }),
    close: async () => void (await worker.terminate()),
  };
}

/** Threads that take the pages in turn. */
export async function openThreads(
  { manifest, folder }: Pick<Connector, 'manifest' | 'folder'>,
  batch: ThreadSetup['batch'],
  { identityKey }: Pick<StageContext, 'identityKey'>,
): Promise<Interpreters> {
  const { feedId, header, asOf } = batch;
  const setup: ThreadSetup = {
    manifest,
    folder,
    batch: { feedId, header, asOf },
    identityKey: identityKey.reveal(),
    tables: FACT_TABLES,
  };
  const threads = Array.from({ length: THREADS }, () => startThread(setup));
  let turn = 0;
  return {
    atOnce: THREADS * PAGES_AHEAD,
    interpret(page) {
      const thread = threads[turn++ % THREADS];
      return thread ? thread.interpret(page) : Promise.reject(new Error('no thread'));
    },
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  };
}

/** The caller's own thread. */
export async function openHere(
  connector: Connector,
  batch: ThreadSetup['batch'],
  { identityKey }: Pick<StageContext, 'identityKey'>,
): Promise<Interpreters> {
  const interpret = pageInterpreter({ connector, batch, identityKey, tables: FACT_TABLES });
  return {
    atOnce: 1,
    interpret: async (page) => interpret(page),
    close: async () => undefined,
  };
}

/** Whichever suits the number of pages; to be closed. */
export async function openInterpreters(
  ctx: StageContext,
  batch: Batch,
  pages: number,
): Promise<Interpreters> {
  const connector = connectorOf(ctx, batch.feedId);
  return pages < PAGES_WORTH_THREADS
    ? openHere(connector, batch, ctx)
    : openThreads(connector, batch, ctx);
}
