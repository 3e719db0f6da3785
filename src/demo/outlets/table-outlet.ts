/** Outlet of the front-end database: one CSV per exchange table, loaded later by fillFrontEnd. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place, Way } from './department.ts';
import { csvLine, type Outlet, Tally, TextFile } from './outlet.ts';

/** Folder of a feed's tables until they are loaded. */
export const frontEndOf = (feed: string): string => `front-end/${feed}`;

export type TableDelivery = { feed: string; asOf: string; sequence: number; rows: number };

function tableOutlet({ folder, department, asOf }: Place): Outlet {
  const { feed, sheets } = department;
  const place = frontEndOf(feed);
  const files = sheets.map(({ name }) => new TextFile(folder, `${place}/${name}_${asOf}_1.csv`));
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
      const name = `${place}/delivery_${asOf}_1.json`;
      mkdirSync(join(folder, place), { recursive: true });
      writeFileSync(join(folder, name), `${JSON.stringify(delivery)}\n`);
      return [tally.summary(name, asOf, 1)];
    },
  };
}

export const exchangeTables: Way = { kind: 'tables', open: tableOutlet };
