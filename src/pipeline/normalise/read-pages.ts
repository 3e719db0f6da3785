/**
 * Streams the pages of a batch that are not known yet, in order of arrival, and yields them interpreted.
 * Memory holds a few dozen pages at a time, however large the batch is.
 */
import { failpoint } from '../../base/failpoint.ts';
import { type Batch, type StageContext, stopIfTold } from '../stage.ts';
import type { InterpretedPage, LandedPage } from './interpret-page.ts';
import { openInterpreters } from './interpreters.ts';
import type { PagePlan } from './plan-pages.ts';

const FETCHED_AT_ONCE = 8;

type Fresh = PagePlan['fresh'];

/** The pages to interpret; the next few are fetched while some are worked on. */
async function* landedPages(
  { sql }: StageContext,
  { batchId }: Batch,
  fresh: Fresh,
): AsyncIterable<LandedPage> {
  const fetch = (from: number) => {
    const some = fresh.slice(from, from + FETCHED_AT_ONCE);
    const pages = sql<{ firstOrdinal: number; sheet: string; lines: Uint8Array }[]>`
      select first_ordinal as "firstOrdinal", sheet, lines from hub.landed_page
      where batch_id = ${batchId}
        and first_ordinal = any(${some.map(({ firstOrdinal }) => firstOrdinal)}::int[])
      order by first_ordinal`.execute();
    // Its failure is met when its turn comes; until then it is no unhandled one.
    pages.catch(() => undefined);
    return pages;
  };
  let coming = fetch(0);
  for (let from = 0; from < fresh.length; from += FETCHED_AT_ONCE) {
    const pages = await coming;
    if (from + FETCHED_AT_ONCE < fresh.length) coming = fetch(from + FETCHED_AT_ONCE);
    for (const [n, { sheet, lines }] of pages.entries()) {
      const { pageId, digest } = fresh[from + n] ?? { pageId: 0, digest: '' };
      yield { pageId, digest, sheet, lines };
    }
  }
}

/** Pages interpreted, in order, several at a time. */
export async function* interpretedPages(
  ctx: StageContext,
  batch: Batch,
  fresh: Fresh,
): AsyncIterable<InterpretedPage> {
  const interpreters = await openInterpreters(ctx, batch, fresh.length);
  const begun: Promise<InterpretedPage>[] = [];
  let done = 0;
  const next = async (interpreted: Promise<InterpretedPage>) => {
    const page = await interpreted;
    stopIfTold(ctx);
    done += 1;
    ctx.onProgress?.('normalise', done, fresh.length);
    failpoint('normalise.during-rows');
    return page;
  };
  try {
    for await (const page of landedPages(ctx, batch, fresh)) {
      const interpreted = interpreters.interpret(page);
      // Its failure is met when its turn comes; until then it is no unhandled one.
      interpreted.catch(() => undefined);
      begun.push(interpreted);
      const first = begun.length >= interpreters.atOnce ? begun.shift() : undefined;
      if (first) yield await next(first);
    }
    for (const rest of begun) yield await next(rest);
  } finally {
    await interpreters.close();
  }
}
