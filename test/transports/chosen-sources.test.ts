/** What an operator chooses: a file by hand, a format, names of its own, a feed that does not exist. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DatabaseSource } from '../../src/base/feed-settings.ts';
import { Secret } from '../../src/base/secret.ts';
import { deliveriesFrom, pull, refuseUnknownFeeds } from '../../src/transports/index.ts';
import { feedNamed, from, listening, newFolder, outcome, put, take } from './feeds.ts';

const vehicle = feedNamed('vehicle');
const CSV = '号牌号码,车辆识别代号\n临A1,V1\n临A2,V2\n';

describe('hub sync --from', () => {
  test('one file of any name: dated by its name, by the operator, or today', async () => {
    const folder = newFolder();
    const { context } = listening();
    const dates = async (name: string, asOf?: string) => {
      const taken = await take(
        deliveriesFrom(vehicle, put(folder, name, CSV), { ...context, asOf }),
      );
      return taken.map((it) => it.asOf);
    };
    expect(await dates('vehicle_2026-05-31.csv', '2026-01-01')).toEqual(['2026-05-31']);
    expect(await dates('车辆 2026-04-30 补.csv')).toEqual(['2026-04-30']);
    expect(await dates('车辆.csv', '2026-01-01')).toEqual(['2026-01-01']);
    expect(await dates('车辆.csv')).toEqual(['2026-06-30']);
    await expect(dates('车辆.pdf')).rejects.toMatchObject({ code: 'source.misnamed' });
  });

  test('a folder: its agreed names; a path that is not there is said', async () => {
    const folder = newFolder();
    put(folder, 'vehicle_2026-05-31.csv', CSV);
    put(folder, 'income_2026-05-31.csv', CSV);
    const { context, heard } = listening();
    expect(await outcome(deliveriesFrom(vehicle, folder, context))).toBe('1 taken');
    expect(heard.passedOver).toHaveLength(1);
    expect(await outcome(deliveriesFrom(vehicle, join(folder, 'none')))).toBe(
      'source.unreachable-path',
    );
  });

  test('a folder may stand in for a line that is down', async () => {
    const folder = newFolder();
    put(folder, 'real-estate-titles_2026-06-30.csv', 'bdcdyh,zl\n1,2\n');
    const [taken] = await take(pull(feedNamed('real-estate'), from(folder), listening().context));
    expect(taken?.rows).toEqual([{ sheet: 'titles', header: ['bdcdyh', 'zl'], cells: ['1', '2'] }]);
  });
});

test('a format that was agreed is held to: another is reported and not read', async () => {
  const folder = newFolder();
  put(folder, 'vehicle_2026-06-30.csv', CSV);
  put(folder, 'vehicle_2026-07-31.xlsx', 'x');
  const { context, heard } = listening();
  expect(await outcome(pull(vehicle, from(folder, { format: 'csv' }), context))).toBe('1 taken');
  expect(heard.passedOver).toEqual([
    {
      name: 'vehicle_2026-07-31.xlsx',
      reason: { zh: '约定的格式是 csv', en: 'not the agreed format csv' },
    },
  ]);
});

test('a source for no feed, or with a name for no sheet, is a wrong setting', () => {
  const { folder: _, format: _f, charset: _c, ...shared } = from('x');
  const databaseUrl = new Secret('postgres://h/d');
  const renamed = (tables: Record<string, string>): DatabaseSource => ({
    ...shared,
    kind: 'front-end-database',
    databaseUrl,
    schema: 'x',
    tables,
  });
  const feeds = new Map([['vehicle', vehicle]]);
  expect(() => refuseUnknownFeeds(new Map([['vehicle', from('x')]]), feeds)).not.toThrow();
  expect(() => refuseUnknownFeeds(new Map([['vehicles', from('x')]]), feeds)).toThrow(
    /feeds\.vehicles/,
  );
  const named = (tables: Record<string, string>) => () =>
    refuseUnknownFeeds(new Map([['vehicle', renamed(tables)]]), feeds);
  expect(named({ vehicle: 'jdc' })).not.toThrow();
  expect(named({ vehicles: 'jdc' })).toThrow(/feeds\.vehicle\.tables\.vehicles/);
  expect(named(JSON.parse('{"__proto__":"jdc"}'))).toThrow(/__proto__/);
});
