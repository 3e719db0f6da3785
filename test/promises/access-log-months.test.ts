/** The access log by month: made ahead, gone as a whole, never before its time. */
import { expect, test } from 'vitest';
import { openAccessLog } from '../../src/audit/access-log.ts';
import { retainAccessLog } from '../../src/audit/retain-log.ts';
import { fixedClock, systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { testDatabase } from '../harness/database.ts';

const database = testDatabase();

const months = async () => {
  const { as } = await database.get();
  const rows = await as('owner', 1)<{ name: string }[]>`
    select c.relname as name from pg_inherits join pg_class c on c.oid = inhrelid
    where inhparent = 'hub.access_log'::regclass order by 1`;
  return rows.map(({ name }) => name);
};

/** A month of the past, as it was made when it was to come. */
const addMonth = async (monthsAgo: number): Promise<string> => {
  const { as } = await database.get();
  const owner = as('owner', 1);
  const [row] = await owner<{ name: string; first: string; next: string }[]>`
    select 'access_log_' || to_char(m, 'YYYY_MM') as name, to_char(m, 'YYYY-MM-DD') as first,
      to_char(m + interval '1 month', 'YYYY-MM-DD') as next
    from (select date_trunc('month', now() at time zone 'Asia/Shanghai')
      - make_interval(months => ${monthsAgo}) as m) x`;
  if (!row) throw new Error('no month');
  await owner.unsafe(`create table parts.${row.name} partition of hub.access_log
    for values from ('${row.first} 00:00+08') to ('${row.next} 00:00+08')`);
  return row.name;
};

test('F8 an entry goes to the month it was made in; months are there ahead, and another date is not lost', async () => {
  const { as } = await database.get();
  const owner = as('owner', 1);
  const entry = { actorId: 'a', operation: 'look', outcome: 'ok' } as const;
  await openAccessLog(as('api', 1), systemClock).write(entry);
  await openAccessLog(as('api', 1), fixedClock('1999-01-01T00:00:00+08:00')).write(entry);
  const [place] = await owner`
    select tableoid::regclass::text as part, to_char(at at time zone 'Asia/Shanghai', 'YYYY_MM') as month
    from hub.access_log where at > now() - interval '1 day'`;
  expect(place?.part).toBe(`parts.access_log_${place?.month}`);
  const [old] = await owner`
    select tableoid::regclass::text as part from hub.access_log where at < '2000-01-01'`;
  expect(old?.part).toBe('parts.access_log_rest');
  expect(await months()).toHaveLength(5);
});

test('F8 months past their time go as a whole, and six stay whatever is asked for', async () => {
  const { as } = await database.get();
  const worker = as('worker', 1);
  const [ancient, older, recent] = [await addMonth(30), await addMonth(8), await addMonth(6)];
  const context = { sql: worker, log: silentLog };
  expect(await retainAccessLog({ ...context, keepMonths: 24 })).toEqual([ancient]);
  expect(await retainAccessLog({ ...context, keepMonths: 0 })).toEqual([older]);
  expect(await months()).toContain(recent);
});

test('F5 nobody reaches a month but through the log, and the API may not drop one', async () => {
  const { as } = await database.get();
  for (const role of ['api', 'worker'] as const) {
    const [part = ''] = await months();
    await expect(as(role, 1).unsafe(`select * from parts.${part}`)).rejects.toMatchObject({
      code: '42501',
    });
  }
  await expect(as('api', 1)`select hub.drop_log_months(1)`).rejects.toMatchObject({
    code: '42501',
  });
});
