/** What a pull passes over stands with the run: files of strange names, totals below the rows. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { fixedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Hub } from '../../src/commands/hub.ts';
import {
  deliveriesByHand,
  deliveriesOf,
  describeSync,
  syncDeliveries,
} from '../../src/commands/work.ts';
import { registerFeeds } from '../../src/pipeline/index.ts';
import { testDatabase } from '../harness/database.ts';
import { IDENTITY_KEY } from '../harness/deliver.ts';
import { from, newFolder, put } from '../transports/feeds.ts';

const database = testDatabase();
const FEEDS = fileURLToPath(new URL('../connectors/feeds', import.meta.url));
const SAMPLE = readFileSync(`${FEEDS}/home-sales/sample.csv`);

test('a file passed over and totals left out are in the drift of the run, by folder and by hand', async () => {
  const sql = (await database.get()).as('worker', 4);
  const connectors = await loadConnectors(FEEDS);
  await registerFeeds(sql, connectors);
  const folder = newFolder();
  put(folder, '房屋买卖合同备案表_2026-03-31.csv', SAMPLE);
  put(folder, '说明.docx', 'x');
  const sources = new Map([['home-sales', from(folder)]]);
  const clock = fixedClock('2026-06-30T04:00:00Z');
  const keys = { identity: IDENTITY_KEY };
  // As much of a hub as a pull needs.
  const hub = { sql, connectors, sources, keys, clock, log: silentLog } as unknown as Hub;
  const { signal } = new AbortController();
  const control = { signal, progress: () => undefined };
  const expected = [
    '∑ 房屋买卖合同备案表: 表尾合计行 totals below the rows ×2',
    '文件名不合约定 not an agreed file name: 说明.docx',
  ];
  const syncRunId = '00000000-0000-4000-8000-000000000001';
  const request = { feedId: 'home-sales', syncRunId, requestedBy: 'test' };
  const result = await syncDeliveries(
    hub,
    deliveriesOf(hub, 'home-sales', signal),
    request,
    control,
  );
  expect(describeSync(result)).toContain('1 个文件未取 files passed over, 1 条提示 notes');
  const driftOf = async (id: string) =>
    (await sql`select drift from hub.sync_run where sync_run_id = ${id}`)[0]?.drift;
  expect(await driftOf(syncRunId)).toEqual(expected);
  const [counted] = await sql`select files_passed_over as files from hub.sync_run`;
  expect(counted).toEqual({ files: 1 });
  // Two owners of one home are two facts of one delivered row.
  const [twice] = await sql`
    select count(distinct person_id)::int as n from hub.record group by page_id, row order by n desc limit 1`;
  expect(twice?.n).toBe(2);
  const [batch] = await sql`
    select state, rows_landed, rows_recorded + rows_quarantined + rows_superseded as told from hub.batch`;
  expect(batch).toEqual({ state: 'linked', rows_landed: 24, told: 24 });

  const again = '00000000-0000-4000-8000-000000000002';
  const later = '房屋买卖合同备案表_2026-04-30.csv';
  const path = put(folder, later, `${SAMPLE.toString()}制表日期,,,,,,,,,,,,,\r\n`);
  const byHand = deliveriesByHand(hub, 'home-sales', { from: path, signal });
  await syncDeliveries(hub, byHand, { ...request, syncRunId: again }, control);
  expect(await driftOf(again)).toEqual([
    '∑ 房屋买卖合同备案表: 表尾合计行 totals below the rows ×3',
  ]);
});
