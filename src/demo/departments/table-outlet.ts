/** Outlet of the front-end database: one CSV per exchange table, loaded later by fillFrontEnd. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './file-outlets.ts';
import { csvLine, type Outlet, Tally, TextFile } from './outlet.ts';

export const FRONT_END = 'front-end/exit-entry';

export type TableDelivery = { feed: string; asOf: string; sequence: number; rows: number };

export function tableOutlet({ folder, department, asOf }: Place): Outlet {
  const { feed, sheets } = department;
  const files = sheets.map(
    ({ name }) => new TextFile(folder, `${FRONT_END}/${name}_${asOf}_1.csv`),
  );
  const counts = sheets.map(() => 0);
  const tally = new Tally();
  return {
    write(sheet, cells, isBroken) {
      const number = (counts[sheet] ?? 0) + 1;
      counts[sheet] = number;
      files[sheet]?.write(csvLine([asOf, '1', String(number), ...cells]));
      tally.add(isBroken);
    },
    mayBreak: () => tally.mayBreak(),
    endFamily: async () => undefined,
    async close() {
      for (const file of files) file.close();
      if (tally.rows === 0) return [];
      const delivery: TableDelivery = { feed, asOf, sequence: 1, rows: tally.rows };
      const name = `${FRONT_END}/delivery_${asOf}_1.json`;
      mkdirSync(join(folder, FRONT_END), { recursive: true });
      writeFileSync(join(folder, name), `${JSON.stringify(delivery)}\n`);
      return [tally.summary(name, asOf, 1)];
    },
  };
}
