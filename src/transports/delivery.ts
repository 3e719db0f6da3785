/**
 * What every transport hands on: one delivery of one feed, known by its digest before a row is read.
 * The rows may be asked for once more after an interruption; they are the same rows.
 */
import type { Connector } from '../../connectors/kit/index.ts';
import type { CalendarDate, Clock } from '../base/clock.ts';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Patience } from '../platform/fetch.ts';
import type { Resolve } from '../platform/http-attempt.ts';

export type Cells = readonly (string | null)[] | Readonly<Record<string, unknown>>;

export type DeliveredSheetRow = {
  /** Name of the sheet in feed.yml. */
  sheet: string;
  /** Columns in delivered order: the same for all array rows of a sheet; an object row's own keys. */
  header: readonly string[];
  cells: Cells;
};

export type Delivery = {
  /** File name, or a name made of feed, date and sequence. */
  name: string;
  /** SHA-256 in hexadecimal of what was delivered; empty when it could not be read whole. */
  digest: string;
  bytes: number;
  asOf: CalendarDate;
  /** Order of deliveries cut on the same date. */
  sequence: number;
  sheets: AsyncIterable<DeliveredSheetRow>;
};

/** What a delivery is recognised by before a row of it is read. */
export type Arriving = Pick<Delivery, 'name' | 'digest' | 'asOf' | 'sequence'>;

/** A thing in a folder that is no delivery of the feed. */
export type PassedOver = {
  /** As it may be shown to operators: without numbers of persons and control characters. */
  name: string;
  reason: { zh: string; en: string };
};

export type PullContext = {
  clock: Clock;
  log: Log;
  signal?: AbortSignal;
  /** Whether this delivery has been landed for this feed. */
  known(arriving: Arriving): Promise<boolean>;
  /** Hears what the publisher should know of, such as totals below the rows. */
  drift?(note: string): void;
  /** Hears of everything in a folder that is not taken, and why. */
  passedOver?(file: PassedOver): void;
  /** Longest wait for a file system's answer, in milliseconds; a minute by default. */
  fileIdleMs?: number;
  /** Where deliveries over the network are kept while they are checked; the system's by default. */
  spoolFolder?: string;
  patience?: Patience;
  resolve?: Resolve;
};

/** A feed as transports see it: they never interpret a row. */
export type Feed = Pick<Connector, 'id' | 'manifest'>;

type Placed = { asOf: CalendarDate; sequence: number };

/** Oldest first, as the department cut them. */
export const byPlace = (a: Placed, b: Placed): number =>
  a.asOf === b.asOf ? a.sequence - b.sequence : a.asOf < b.asOf ? -1 : 1;

/**
 * A delivery that came and cannot be used: reading its rows fails with the reason, so the next stage
 * records the refusal and goes on to the deliveries behind it. Anything else than a fault of the
 * delivery itself ends the run.
 */
export function refusedDelivery(
  place: Pick<Delivery, 'name' | 'asOf' | 'sequence'>,
  error: unknown,
): Delivery {
  if (!(error instanceof HubError) || error.kind !== 'source') throw error;
  const rows = () => ({ next: () => Promise.reject(error) });
  // No digest: these bytes are not known, now or next time.
  return { ...place, digest: '', bytes: 0, sheets: { [Symbol.asyncIterator]: rows } };
}
