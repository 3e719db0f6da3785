/** What the pages of a batch come to: rows, bad rows, kinds; known pages and new ones alike. */
import type { Rejection } from '../../../connectors/kit/record.ts';
import type { InterpretedPage } from './interpret-page.ts';
import { createKeySet } from './key-set.ts';
import type { PagePlan, PageSummary } from './plan-pages.ts';

export type Outcome = {
  rows: number;
  rejected: (Rejection & { ordinal: number })[];
  kinds: Set<string>;
  hasMentions: boolean;
  /** Whether two rows may have the same key; unknown where some rows were not read. */
  mayHaveDoubles: boolean | 'unknown';
};

/** Begins with the known pages; `note` adds a new one. `check` is told the number of bad rows as it grows. */
export function outcomeOf(plan: PagePlan, check: (bad: number) => void) {
  const places = new Map<number, number[]>();
  for (const { pageId, firstOrdinal } of plan.pages) {
    const found = places.get(pageId);
    if (found) found.push(firstOrdinal);
    else places.set(pageId, [firstOrdinal]);
  }
  const isRead = plan.fresh.length === plan.pages.length;
  const outcome: Outcome = {
    rows: plan.pages.reduce((sum, { rowCount }) => sum + rowCount, 0),
    rejected: [],
    kinds: new Set(),
    hasMentions: false,
    mayHaveDoubles: isRead ? false : 'unknown',
  };
  const note = ({ pageId, kinds, hasMentions, rejected }: PageSummary) => {
    for (const kind of kinds) outcome.kinds.add(kind);
    outcome.hasMentions ||= hasMentions;
    if (!rejected || rejected.length === 0) return;
    for (const first of places.get(pageId) ?? []) {
      outcome.rejected.push(
        ...rejected.map(({ row, ...why }) => ({ ordinal: first + row, ...why })),
      );
    }
    check(outcome.rejected.length);
  };
  for (const page of plan.known) note(page);
  return { outcome, note };
}

/** Takes note of pages as they pass. */
export async function* noted(
  pages: AsyncIterable<InterpretedPage>,
  outcome: Outcome,
  note: (page: InterpretedPage) => void,
): AsyncIterable<InterpretedPage> {
  const seen = createKeySet();
  for await (const page of pages) {
    note(page);
    if (outcome.mayHaveDoubles !== 'unknown') {
      for (const key of page.keys) if (seen.add(key)) outcome.mayHaveDoubles = true;
    }
    yield page;
  }
}
