/** What map.ts may use: the same readers as feed.yml, for values nested inside an object. */
import { type Horizon, isPast, isWithin } from './horizon.ts';
import { keyForm } from './key-form.ts';
import type { ColumnType, Manifest } from './manifest.ts';
import { cellReader, type ReadCell } from './read-column.ts';
import type { MapKit, ReadOptions, Rejection } from './record.ts';

/** Thrown by `read` and caught by the engine only: the row goes to quarantine. */
export class RowRejected extends Error {
  readonly rejection: Rejection;

  constructor(rejection: Rejection) {
    super(rejection.reason);
    this.name = 'RowRejected';
    this.rejection = rejection;
  }
}

/** Readers are compiled at first use and kept, so that a nested value costs what a column costs. */
export function mapKit(
  manifest: Manifest,
  horizonNow: () => Horizon | undefined = () => undefined,
): MapKit {
  const compiled = new Map<string, ReadCell>();
  const readerFor = (type: ColumnType, { required = false, codes }: ReadOptions): ReadCell => {
    const name = `${type} ${codes ?? ''} ${required}`;
    const known = compiled.get(name);
    if (known !== undefined) return known;
    const rule = { type, required, multiline: false, ...(codes === undefined ? {} : { codes }) };
    const reader = cellReader(rule, manifest.codes);
    compiled.set(name, reader);
    return reader;
  };
  return {
    keyForm,
    reject(reason, column) {
      throw new RowRejected({ reason, column });
    },
    read(raw, type, column, options = {}) {
      const cell = readerFor(type, options)(raw);
      if (!('value' in cell)) throw new RowRejected({ reason: cell.reason, column });
      const horizon = horizonNow();
      const { ahead = false } = options;
      if (horizon && isPast({ type, ahead }) && !isWithin(cell.value, horizon)) {
        throw new RowRejected({ reason: 'value.in-future', column });
      }
      return cell.value;
    },
  };
}
