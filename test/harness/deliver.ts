/** Deliveries made in memory, for feeds of test/harness/little-county. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Connector, loadConnectors } from '../../connectors/kit/index.ts';
import { residentIdWithCheckDigit } from '../../connectors/kit/values/resident-id.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import type { SyncContext } from '../../src/pipeline/index.ts';
import type { Sql } from '../../src/platform/database.ts';
import type { Delivery } from '../../src/transports/delivery.ts';

export const IDENTITY_KEY = new Secret('identity key of the tests');

const FOLDER = fileURLToPath(new URL('./little-county', import.meta.url));
let loaded: Promise<Map<string, Connector>> | undefined;

/** The connectors of the little county, and the declarations as they are: their nesting is the point. */
export function littleCounty(): Promise<Map<string, Connector>> {
  loaded ??= Promise.all([loadConnectors(FOLDER), loadConnectors()]).then(([little, all]) => {
    const declaration = all.get('declaration');
    if (!declaration) throw new Error('no declarations');
    return new Map([...little, [declaration.id, declaration]]);
  });
  return loaded;
}

/** A made-up resident of the county that does not exist, born 1970–1999. */
export const residentId = (n: number): string =>
  residentIdWithCheckDigit(
    `999901${1970 + (n % 30)}0${1 + (n % 9)}15${String(n).padStart(3, '0')}`,
  );

/** A row with anything nested in it is delivered as an object. */
type Row = Readonly<Record<string, unknown>>;

export type Package = {
  feed: string;
  asOf: string;
  sequence?: number;
  name?: string;
  /** Rows by sheet; the columns are those of the first row. */
  sheets: Readonly<Record<string, readonly Row[]>>;
  /** Throws after this many rows, as a stream that breaks. */
  breaksAfter?: { rows: number; error: Error };
};

async function* rowsOf({ sheets, breaksAfter }: Package): Delivery['sheets'] {
  let rows = 0;
  for (const [sheet, list] of Object.entries(sheets)) {
    const header = Object.keys(list[0] ?? {});
    const isNested = list.some((row) => Object.values(row).some((cell) => Array.isArray(cell)));
    for (const row of list) {
      if (rows++ === breaksAfter?.rows) throw breaksAfter.error;
      const cells = header.map((column) => (row[column] ?? null) as string | null);
      yield isNested ? { sheet, header: Object.keys(row), cells: row } : { sheet, header, cells };
    }
  }
}

/** The same content has the same digest, whatever its name. */
export function delivery(given: Package): Delivery {
  const content = JSON.stringify([given.asOf, given.sequence ?? 1, given.sheets]);
  return {
    name: given.name ?? `${given.feed}_${given.asOf}`,
    digest: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    asOf: given.asOf,
    sequence: given.sequence ?? 1,
    sheets: rowsOf(given),
  };
}

export async function* deliveries(packages: readonly Package[]): AsyncIterable<Delivery> {
  for (const each of packages) yield delivery(each);
}

/** What syncFeed needs, with the clock standing at noon of 30 June 2026. */
export async function syncContext(sql: Sql): Promise<SyncContext> {
  return {
    sql,
    identityKey: IDENTITY_KEY,
    clock: fixedClock('2026-06-30T04:00:00Z'),
    log: silentLog,
    connectors: await littleCounty(),
  };
}
