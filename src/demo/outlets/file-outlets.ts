/** Outlets for feeds that are delivered as text files: CSV and NDJSON. */
import type { Department, Place, Way } from './department.ts';
import { csvLine, type Outlet, Tally, TextFile } from './outlet.ts';

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

function headOf({ sheets: [sheet] }: Department): string {
  const { name = '', titleRows = 0, columns = [] } = sheet ?? {};
  return csvLine([name]).repeat(titleRows) + csvLine(columns.map(([column]) => column));
}

/** CSV, in UTF-8 unless `encode` says otherwise; `mark` stands before the header. */
export const csvFiles = (
  encode?: (text: string) => Buffer,
  { mark = '', charset }: { mark?: string; charset?: string } = {},
): Way => ({
  kind: 'files',
  open: (place) =>
    textOutlet(place, {
      extension: 'csv',
      head: `${mark}${headOf(place.department)}`,
      line: csvLine,
      ...(encode ? { encode } : {}),
    }),
  ...(charset ? { settings: { charset } } : {}),
});

/** One JSON object a line. */
export const objectFiles: Way = {
  kind: 'files',
  open: (place) => textOutlet(place, { extension: 'ndjson', line: ([json]) => `${json}\n` }),
};
