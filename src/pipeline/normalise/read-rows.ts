/**
 * Streams the landed rows of a batch in order of arrival and yields their lines of the record log.
 * Memory holds a few pages of rows at a time, however large the batch is.
 */
import { failpoint } from '../../base/failpoint.ts';
import { type Batch, type StageContext, stopIfTold } from '../stage.ts';
import type { InterpretedPage, LandedPage, RejectedRow } from './interpret-page.ts';
import { openInterpreters } from './interpreters.ts';
import { createKeySet } from './key-set.ts';

export type Outcome = {
  rows: number;
  rejected: RejectedRow[];
  /** Two rows may have the same key. */
  mayHaveDoubles: boolean;
  kinds: Set<string>;
  hasMentions: boolean;
};

export type RecordLines = { lines: AsyncIterable<Uint8Array>; outcome: Outcome };

const PAGES_AT_ONCE = 8;

/** The pages of a batch in order; the next few are fetched while some are worked on. */
async function* landedPages({ sql }: StageContext, { batchId }: Batch): AsyncIterable<LandedPage> {
  const fetch = (after: number) => {
    const pages = sql<LandedPage[]>`
      select first_ordinal as "firstOrdinal", sheet, lines from hub.landed_page
      where batch_id = ${batchId} and first_ordinal > ${after}
      order by first_ordinal limit ${PAGES_AT_ONCE}`.execute();
    // Its failure is met when its turn comes; until then it is no unhandled one.
    pages.catch(() => undefined);
    return pages;
  };
  let coming = fetch(0);
  for (;;) {
    const pages = await coming;
    const last = pages.at(-1);
    if (!last) return;
    coming = fetch(last.firstOrdinal);
    yield* pages;
  }
}

/** Pages interpreted, in order, several at a time. */
async function* interpretedPages(ctx: StageContext, batch: Batch): AsyncIterable<InterpretedPage> {
  const interpreters = await openInterpreters(ctx, batch);
  const begun: Promise<InterpretedPage>[] = [];
  try {
    for await (const page of landedPages(ctx, batch)) {
      const interpreted = interpreters.interpret(page);
      // Its failure is met when its turn comes; until then it is no unhandled one.
      interpreted.catch(() => undefined);
      begun.push(interpreted);
      const first = begun.length >= interpreters.atOnce ? begun.shift() : undefined;
      if (first) yield await first;
    }
    for (const rest of begun) yield await rest;
  } finally {
    await interpreters.close();
  }
}

/** Opens the landed rows of a batch; `onRejected` is told the number of bad rows as it grows. */
export function recordLines(
  ctx: StageContext,
  batch: Batch,
  onRejected: (count: number) => void,
): RecordLines {
  const outcome: Outcome = {
    rows: 0,
    rejected: [],
    mayHaveDoubles: false,
    kinds: new Set(),
    hasMentions: false,
  };
  const seen = createKeySet();

  const note = (page: InterpretedPage) => {
    outcome.rows += page.rows;
    outcome.hasMentions ||= page.hasMentions;
    for (const kind of page.kinds) outcome.kinds.add(kind);
    for (const key of page.keys) if (seen.add(key)) outcome.mayHaveDoubles = true;
    if (page.rejected.length === 0) return;
    outcome.rejected.push(...page.rejected);
    onRejected(outcome.rejected.length);
  };

  async function* lines(): AsyncIterable<Uint8Array> {
    for await (const page of interpretedPages(ctx, batch)) {
      stopIfTold(ctx);
      note(page);
      yield page.lines;
      ctx.onProgress?.('normalise', outcome.rows, batch.rowsLanded);
      failpoint('normalise.during-rows');
    }
  }
  return { lines: lines(), outcome };
}
