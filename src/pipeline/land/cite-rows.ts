/**
 * Brings delivered rows out of their pages for whoever cites them: a rejected row its clerk must see,
 * an input value of a warning. The cells are copied beside the citation, so the API's role never sees
 * a page, the row's own policy decides who reads it, and a page may go when its time is over.
 */
import type { Transaction } from '../../platform/database.ts';
import { linesOf } from './pages.ts';

type WantedPage = {
  landed_on: string;
  batch_id: string;
  first_ordinal: number;
  sheet: string;
  lines: Uint8Array;
  ordinals: number[];
};

const PAGES_AT_ONCE = 64;

const WANTED = (rows: string) => `
  create temp table wanted_page on commit drop as
    select p.landed_on, p.batch_id, p.first_ordinal, array_agg(w.ordinal) as ordinals,
      row_number() over (order by p.batch_id, p.first_ordinal) as no
    from (select distinct batch_id, ordinal from (${rows}) r) w
    cross join lateral (select landed_on, batch_id, first_ordinal, row_count from hub.landed_page
      where batch_id = w.batch_id and first_ordinal <= w.ordinal
      order by first_ordinal desc limit 1) p
    where w.ordinal < p.first_ordinal + p.row_count
    group by p.landed_on, p.batch_id, p.first_ordinal;
  create temp table cited (batch_id bigint, ordinal integer, sheet text, cells json) on commit drop`;

const SOME = `
  select w.landed_on, w.batch_id, w.first_ordinal, w.ordinals, p.sheet, p.lines
  from wanted_page w join hub.landed_page p using (landed_on, batch_id, first_ordinal)
  where w.no > $1 and w.no <= $2`;

async function copyCells(tx: Transaction, pages: readonly WantedPage[]): Promise<void> {
  const rows = pages.flatMap(({ batch_id, first_ordinal, sheet, lines, ordinals }) => {
    const all = linesOf(lines);
    return ordinals.map((ordinal) => [batch_id, ordinal, sheet, all[ordinal - first_ordinal]]);
  });
  const column = (n: number) => rows.map((row) => row[n] ?? null) as string[];
  await tx`insert into cited select b, o, s, c::json from unnest(${column(0)}::bigint[],
    ${column(1)}::integer[], ${column(2)}::text[], ${column(3)}::text[]) as t (b, o, s, c)`;
}

/**
 * Fills the temporary table `cited` (batch_id, ordinal, sheet, cells) with the rows that the SELECT
 * `rows` names by batch_id and ordinal, runs `use`, and drops it. A row whose page is gone is not in it.
 */
export async function withCitedRows<T>(
  tx: Transaction,
  rows: string,
  use: () => Promise<T>,
): Promise<T> {
  await tx.unsafe(WANTED(rows));
  for (let done = 0; ; done += PAGES_AT_ONCE) {
    const pages = await tx.unsafe<WantedPage[]>(SOME, [done, done + PAGES_AT_ONCE]);
    if (pages.length === 0) break;
    await copyCells(tx, pages);
  }
  await tx.unsafe('analyze pg_temp.cited');
  const result = await use();
  await tx.unsafe('drop table pg_temp.cited, pg_temp.wanted_page');
  return result;
}
