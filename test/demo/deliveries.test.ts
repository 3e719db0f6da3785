/** The county's deliveries as the hub's own transports and connectors see them. */
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Connector, loadConnectors } from '../../connectors/kit/index.ts';
import { fixedClock, systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { COMPLAINANT_TOKEN } from '../../src/demo/departments/petition.ts';
import { DEMO_REQUESTER, DEMO_SECRET } from '../../src/demo/feeds.ts';
import { startDepartments } from '../../src/demo/index.ts';
import { type Delivery, pull } from '../../src/transports/index.ts';
import { testDatabase } from '../harness/database.ts';
import { BOOK, type CountyUnderTest, county, openPlaces } from './county-under-test.ts';

const database = testDatabase();
const RESOURCE = 'real-estate-titles';

type Count = { asOf: string; sequence: number; rows: number; refused: number };

/** Reads a delivery to its end and interprets each row. */
async function count(connector: Connector, delivery: Delivery): Promise<Count> {
  const { asOf, sequence } = delivery;
  const total = { asOf, sequence, rows: 0, refused: 0 };
  for await (const { sheet, header, cells } of delivery.sheets) {
    const named = Array.isArray(cells)
      ? Object.fromEntries(header.map((column, i) => [column, cells[i]]))
      : { ...cells };
    total.rows += 1;
    const isComplainant = JSON.stringify(cells).includes(COMPLAINANT_TOKEN);
    expect(isComplainant).toBe(connector.id === 'petition');
    if ('rejection' in connector.interpret({ sheet, cells: named })) total.refused += 1;
  }
  return total;
}

describe('the deliveries', () => {
  let made: CountyUnderTest;
  beforeAll(async () => {
    made = await county(400);
  });

  it('hold the rows the summary counts; only rows broken on purpose are refused, under 3 %', async () => {
    const { sources } = await openPlaces(made.folder, (await database.get()).url);
    const connectors = await loadConnectors();
    // A feed that no department of this county serves has no source here, as in an installation.
    expect([...sources.keys()].sort()).toEqual(Object.keys(made.summary.departments).sort());
    for (const [feed, settings] of sources) {
      const connector = connectors.get(feed);
      if (!connector) throw new Error(`no feed ${feed}`);
      const known = new Set<string>();
      const context = {
        clock: systemClock,
        log: silentLog,
        known: async ({ digest }: { digest: string }) => known.has(digest),
      };
      const counts: Count[] = [];
      for await (const delivery of pull(connector, settings, context)) {
        known.add(delivery.digest);
        counts.push(await count(connector, delivery));
      }
      const expected = made.summary.departments[feed];
      const own = expected?.deliveries.filter(({ repeats }) => repeats === undefined);
      expect([feed, counts]).toEqual([
        feed,
        own?.map(({ asOf, sequence, rows, brokenRows: refused }) => ({
          asOf,
          sequence,
          rows,
          refused,
        })),
      ]);
      expect((expected?.brokenRows ?? 0) / (expected?.rows ?? 1)).toBeLessThan(0.03);
    }
  });
});

describe('the simulator', () => {
  type Entry = { asOf: string; sequence: number; total: number };
  type Reply = { data: Entry[] & { total: number; page: number; rows: unknown[] } };
  let made: CountyUnderTest;
  beforeAll(async () => {
    made = await county(60);
  });

  const headers = (secret: string, time: number, sid = RESOURCE) => ({
    gjgxjhpt_rid: DEMO_REQUESTER,
    gjgxjhpt_sid: sid,
    gjgxjhpt_rtime: String(time),
    gjgxjhpt_sign: createHmac('sha256', secret)
      .update(`${sid}${DEMO_REQUESTER}${time}`)
      .digest('base64'),
  });

  it('serves pages to who signs, and together they are the whole delivery', async () => {
    const { baseUrl, close } = await startDepartments(made.folder, BOOK.departments);
    const get = async (path: string): Promise<Reply> => {
      const sent = headers(DEMO_SECRET, Date.now());
      return (await (await fetch(`${baseUrl}/${path}`, { headers: sent })).json()) as Reply;
    };
    const list = await get(`${RESOURCE}/deliveries?after=1900-01-01`);
    const { asOf, sequence, total } = list.data[0] ?? { asOf: '', sequence: 0, total: 0 };
    expect(total).toBeGreaterThan(100);
    const rows: unknown[] = [];
    for (let page = 1; rows.length < total; page += 1) {
      const { data } = await get(
        `${RESOURCE}?asOf=${asOf}&sequence=${sequence}&page=${page}&size=7`,
      );
      expect([data.total, data.page, data.rows.length > 0]).toEqual([total, page, true]);
      rows.push(...data.rows);
    }
    expect(rows.length).toBe(total);
    const later = await get(`${RESOURCE}/deliveries?after=${asOf}`);
    expect(later.data.length).toBe(list.data.length - 1);
    await close();
  });

  it('refuses a wrong secret, another service, no signature and a clock more than five minutes off', async () => {
    const now = Date.parse('2026-06-30T01:00:00Z');
    const clock = fixedClock('2026-06-30T01:00:00Z');
    const { baseUrl, close } = await startDepartments(made.folder, BOOK.departments, { clock });
    const status = async (sent: Record<string, string>) =>
      (await fetch(`${baseUrl}/${RESOURCE}/deliveries?after=1900-01-01`, { headers: sent })).status;
    expect(await status(headers(DEMO_SECRET, now))).toBe(200);
    expect(await status(headers(DEMO_SECRET, now - 299_000))).toBe(200);
    expect(await status(headers('another secret', now))).toBe(401);
    expect(await status(headers(DEMO_SECRET, now, 'other-service'))).toBe(401);
    expect(await status({})).toBe(401);
    expect(await status(headers(DEMO_SECRET, now - 301_000))).toBe(401);
    expect(await status(headers(DEMO_SECRET, now + 301_000))).toBe(401);
    await close();
  });
});
