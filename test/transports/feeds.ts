/** Feeds for transport tests: real manifests, a folder of their own, a context that remembers. */
import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connector, loadConnectors } from '../../connectors/kit/index.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { HubError } from '../../src/base/errors.ts';
import type { FolderSource } from '../../src/base/feed-settings.ts';
import { createLog } from '../../src/base/log.ts';
import type {
  DeliveredSheetRow,
  Delivery,
  PassedOver,
  PullContext,
} from '../../src/transports/index.ts';

const connectors = await loadConnectors();

export function feedNamed(id: string): Connector {
  const found = connectors.get(id);
  if (!found) throw new Error(`no feed ${id}`);
  return found;
}

export const newFolder = () => mkdtempSync(join(tmpdir(), 'hub-transport-'));

/** A folder as a source. */
export const from = (
  folder: string,
  { maxBytes = 50_000_000, ...change }: Partial<FolderSource> = {},
): FolderSource => ({
  kind: 'file-drop',
  isEnabled: true,
  schedule: undefined,
  maxBytes,
  folder,
  format: undefined,
  charset: 'utf-8',
  ...change,
});

/** Long ago for a file system: nobody is still writing it. */
const SETTLED = new Date('2026-06-01T00:00:00Z');

export function put(folder: string, name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  utimesSync(path, SETTLED, SETTLED);
  return path;
}

export type Heard = {
  notes: string[];
  passedOver: PassedOver[];
  log: string;
  slept: number[];
};

export function listening(change: Partial<PullContext> = {}) {
  const heard: Heard = { notes: [], passedOver: [], log: '', slept: [] };
  const digests = new Set<string>();
  const context: PullContext = {
    clock: fixedClock('2026-06-30T02:00:00Z'),
    log: createLog((line) => {
      heard.log += line;
    }),
    known: async ({ digest }) => digests.has(digest),
    drift: (note) => heard.notes.push(note),
    passedOver: (file) => heard.passedOver.push(file),
    patience: {
      sleep: async (ms) => {
        heard.slept.push(ms);
      },
      random: () => 0,
    },
    ...change,
  };
  return { heard, context, digests };
}

export type Taken = Omit<Delivery, 'sheets'> & { rows: DeliveredSheetRow[] };

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Reads all rows of all deliveries, as the next stage would. */
export async function take(deliveries: AsyncIterable<Delivery>): Promise<Taken[]> {
  const taken: Taken[] = [];
  for await (const { sheets, ...delivery } of deliveries) {
    taken.push({ ...delivery, rows: await collect(sheets) });
  }
  return taken;
}

/** The code that stops the work, or how many deliveries came through instead. */
export const outcome = (deliveries: AsyncIterable<Delivery>): Promise<string> =>
  take(deliveries).then(
    (taken) => `${taken.length} taken`,
    (error: unknown) => {
      if (error instanceof HubError) return error.code;
      throw error;
    },
  );

/** How each delivery ended, one after the other: rows taken, or the code of the refusal. */
export async function outcomes(deliveries: AsyncIterable<Delivery>): Promise<string[]> {
  const all: string[] = [];
  for await (const { asOf, sheets } of deliveries) {
    const end = await collect(sheets).then(
      (rows) => `${rows.length} rows`,
      (error: unknown) => (error instanceof HubError ? error.code : String(error)),
    );
    all.push(`${asOf} ${end}`);
  }
  return all;
}
