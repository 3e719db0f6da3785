/** Outlets for feeds that are delivered as text files: CSV and NDJSON. */
import type { Department } from './department.ts';
import { csvLine, type Outlet, Tally, TextFile } from './outlet.ts';

export type Place = { folder: string; department: Department; asOf: string };

type Format = {
  extension: 'csv' | 'ndjson';
  encode?: (text: string) => Buffer;
  head?: string;
  line(cells: readonly string[]): string;
};

function textOutlet({ folder, department, asOf }: Place, format: Format): Outlet {
  const [sheet] = department.sheets;
  const name = `drop/${department.feed}/${sheet?.name}_${asOf}.${format.extension}`;
  const file = new TextFile(folder, name, format.encode);
  const tally = new Tally();
  return {
    write(_, cells, isBroken) {
      if (tally.rows === 0 && format.head !== undefined) file.write(format.head);
      file.write(format.line(cells));
      tally.add(isBroken);
    },
    mayBreak: () => tally.mayBreak(),
    endFamily: async () => undefined,
    async close() {
      file.close();
      return tally.rows === 0 ? [] : [tally.summary(name, asOf, 1)];
    },
  };
}

const headOf = (department: Department): string =>
  csvLine(department.sheets[0]?.columns.map(([column]) => column) ?? []);

export const csvOutlet =
  (encode?: (text: string) => Buffer, mark = '') =>
  (place: Place): Outlet =>
    textOutlet(place, {
      extension: 'csv',
      head: `${mark}${headOf(place.department)}`,
      line: csvLine,
      ...(encode ? { encode } : {}),
    });

export const ndjsonOutlet = (place: Place): Outlet =>
  textOutlet(place, { extension: 'ndjson', line: ([json]) => `${json}\n` });
