/**
 * Writes interpreted pages to the record log, and the batch's list of pages. Pages and records go to
 * two tables by turns, some dozen pages at a time, and the next are interpreted meanwhile.
 */
import { failpoint } from '../../base/failpoint.ts';
import type { Transaction } from '../../platform/database.ts';
import { loadRows } from '../load.ts';
import { type InterpretedPage, RECORD_PAGE_COLUMNS } from './interpret-page.ts';
import type { PlannedPage } from './plan-pages.ts';
import { RECORD_COLUMNS } from './record-line.ts';

const PAGES_PER_TURN = 24;

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}

/** Takes pages a turn at a time; the next turn is on its way while one is worked on. */
async function* turns(pages: AsyncIterable<InterpretedPage>): AsyncIterable<InterpretedPage[]> {
  const source = pages[Symbol.asyncIterator]();
  const take = async () => {
    const turn: InterpretedPage[] = [];
    while (turn.length < PAGES_PER_TURN) {
      const { done, value } = await source.next();
      if (done) break;
      turn.push(value);
    }
    return turn;
  };
  let coming = take();
  try {
    for (let turn = await coming; turn.length > 0; turn = await coming) {
      coming = take();
      // Its failure is met when its turn comes; until then it is no unhandled one.
      coming.catch(() => undefined);
      yield turn;
    }
  } finally {
    await coming.catch(() => undefined);
    await source.return?.();
  }
}

async function storeUnread(tx: Transaction, turn: readonly InterpretedPage[]): Promise<void> {
  const all = turn.flatMap(({ pageId, unread }) => unread.map((one) => ({ pageId, ...one })));
  if (all.length === 0) return;
  await tx`insert into hub.unread_record (record_key, kind, page_id)
    select distinct k, n, p from unnest(${all.map(({ key }) => key)}::uuid[],
      ${all.map(({ kind }) => kind)}::text[], ${all.map(({ pageId }) => pageId)}::int[]) as t (k, n, p)`;
}

/** Stores new pages as they come. */
export async function storePages(
  tx: Transaction,
  batchId: number,
  pages: AsyncIterable<InterpretedPage>,
): Promise<void> {
  for await (const turn of turns(pages)) {
    const pageLines = each(turn.map(({ page }) => page));
    await loadRows(tx, {
      table: 'record_page',
      columns: RECORD_PAGE_COLUMNS,
      batchId,
      lines: pageLines,
    });
    const lines = each(turn.map((page) => page.lines));
    await loadRows(tx, { table: 'record', columns: RECORD_COLUMNS, batchId, lines });
    await storeUnread(tx, turn);
    failpoint('normalise.after-turn');
  }
}

const LISTED_AT_ONCE = 5000;

/** Says of which pages the batch is made. */
export async function listPages(
  tx: Transaction,
  batchId: number,
  pages: readonly PlannedPage[],
): Promise<void> {
  for (let at = 0; at < pages.length; at += LISTED_AT_ONCE) {
    const some = pages.slice(at, at + LISTED_AT_ONCE);
    await tx`insert into hub.batch_page (batch_id, first_ordinal, page_id)
      select ${batchId}, o, p from unnest(${some.map(({ firstOrdinal }) => firstOrdinal)}::int[],
        ${some.map(({ pageId }) => pageId)}::int[]) as t (o, p)`;
  }
}
