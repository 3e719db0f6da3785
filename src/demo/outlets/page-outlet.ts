/**
 * Outlet of the signed interface: pages of rows beside a file that says how many there are and the
 * digest over all of them (each row as JSON with a line feed).
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place, Way } from './department.ts';
import { type Outlet, Tally } from './outlet.ts';

/** Rows per stored page; the interface serves any size. */
export const STORED_PAGE = 2000;

export const pageName = (number: number): string => `page-${String(number).padStart(5, '0')}.json`;

function pageOutlet({ folder, department, asOf }: Place): Outlet {
  const columns = department.sheets[0]?.columns.map(([column]) => column) ?? [];
  const name = `api/${department.feed}/${asOf}_1`;
  const tally = new Tally();
  const hash = createHash('sha256');
  let page: string[] = [];
  let pages = 0;
  const flush = () => {
    if (page.length === 0) return;
    pages += 1;
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, pageName(pages)), `[\n${page.join(',\n')}\n]\n`);
    page = [];
  };
  return {
    write(_, cells, isBroken) {
      const row = JSON.stringify(
        Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ''])),
      );
      hash.update(`${row}\n`);
      page.push(row);
      tally.add(isBroken);
      if (page.length === STORED_PAGE) flush();
    },
    mayBreak: () => tally.mayBreak(),
    endFamily: async () => undefined,
    async close() {
      if (tally.rows === 0) return [];
      flush();
      const delivery = { asOf, sequence: 1, total: tally.rows, sha256: hash.digest('hex') };
      writeFileSync(join(folder, name, 'delivery.json'), `${JSON.stringify(delivery)}\n`);
      return [tally.summary(name, asOf, 1)];
    },
  };
}

export const signedInterface: Way = { kind: 'interface', open: pageOutlet };
