/** Outlet for feeds that are delivered as workbooks of at most 5,000 officials each. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeXlsxFile from 'write-excel-file/node';
import type { DeliverySummary } from '../options.ts';
import type { Place, Way } from './department.ts';
import { type Outlet, Tally } from './outlet.ts';

const MOST_OFFICIALS = 5000;

function workbookOutlet({ folder, department, asOf }: Place): Outlet {
  const { feed, sheets } = department;
  const written: DeliverySummary[] = [];
  let rows: string[][][] = sheets.map(() => []);
  let tally = new Tally();
  let officials = 0;
  const flush = async () => {
    if (tally.rows === 0) return;
    const sequence = written.length + 1;
    const name = `drop/${feed}/${feed}_${asOf}${sequence > 1 ? `_${sequence}` : ''}.xlsx`;
    const book = sheets.map(({ name: sheet, titleRows = 0, columns }, i) => ({
      sheet,
      data: [
        ...Array.from({ length: titleRows }, () => [sheet]),
        columns.map(([column]) => column),
        ...(rows[i] ?? []),
      ].map((cells) => cells.map((cell) => (cell === '' ? null : { value: cell, type: String }))),
    }));
    const bytes = withoutTimes(await writeXlsxFile(book).toBuffer());
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
    written.push(tally.summary(name, asOf, sequence));
    rows = sheets.map(() => []);
    tally = new Tally();
    officials = 0;
  };
  return {
    write(sheet, cells, isBroken) {
      rows[sheet]?.push([...cells]);
      tally.add(isBroken);
    },
    mayBreak: () => tally.mayBreak(),
    async endFamily(count) {
      officials += count;
      if (officials >= MOST_OFFICIALS) await flush();
    },
    async close() {
      await flush();
      return written;
    },
  };
}

export const workbooks: Way = { kind: 'files', open: workbookOutlet };

const END = 0x06054b50;
/** 1 January 1980, the first date an archive can hold. */
const NO_TIME = 0x0021_0000;

/** The archive says when it was packed; the same county must give the same bytes. */
function withoutTimes(archive: Buffer): Buffer {
  let end = archive.length - 22;
  while (end > 0 && archive.readUInt32LE(end) !== END) end -= 1;
  let entry = archive.readUInt32LE(end + 16);
  for (let n = archive.readUInt16LE(end + 10); n > 0; n -= 1) {
    archive.writeUInt32LE(NO_TIME, entry + 12);
    archive.writeUInt32LE(NO_TIME, archive.readUInt32LE(entry + 42) + 10);
    const lengths = [28, 30, 32].map((at) => archive.readUInt16LE(entry + at));
    entry += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return archive;
}
