/**
 * Which pages of a batch are known, and which are to be interpreted. A page that says what an earlier
 * one said is that page again: it costs its batch one row in `batch_page` and nothing else.
 */
import { uuidFromBytes } from '../../base/person-key.ts';
import type { Transaction } from '../../platform/database.ts';
import { type Batch, connectorOf, type StageContext } from '../stage.ts';
import type { RejectedOfPage } from './interpret-page.ts';
import { interpreterVersion } from './interpreter-version.ts';
import { lastDayOf } from './last-day.ts';
import { createKeys } from './record-line.ts';

/** A page of the batch, in order of arrival. */
export type PlannedPage = { firstOrdinal: number; rowCount: number; pageId: number };

/** What is known of a page of the record log without reading its records. */
export type PageSummary = {
  pageId: number;
  kinds: readonly string[];
  hasMentions: boolean;
  rejected: readonly RejectedOfPage[] | null;
};

export type PagePlan = {
  pages: PlannedPage[];
  known: PageSummary[];
  /** To be interpreted: the first place each is found at. */
  fresh: { firstOrdinal: number; pageId: number; digest: string }[];
};

type Landed = { firstOrdinal: number; rowCount: number; sheet: string; digest: string };

const ASKED_AT_ONCE = 5000;

async function knownPages(tx: Transaction, digests: readonly string[], lastDay: string) {
  const known = new Map<string, PageSummary>();
  for (let at = 0; at < digests.length; at += ASKED_AT_ONCE) {
    const rows = await tx<(PageSummary & { digest: string })[]>`
      select digest, page_id as "pageId", kinds, has_mentions as "hasMentions", rejected
      from hub.record_page where digest = any(${digests.slice(at, at + ASKED_AT_ONCE)}::uuid[])
        and (latest_on is null or latest_on <= ${lastDay})`;
    for (const { digest, ...page } of rows) known.set(digest, page);
  }
  return known;
}

async function newPageIds(tx: Transaction, count: number): Promise<number[]> {
  const rows = await tx<{ id: string }[]>`
    select nextval(pg_get_serial_sequence('hub.record_page', 'page_id')) as id
    from generate_series(1, ${count}::int)`;
  return rows.map(({ id }) => Number(id));
}

/** What a page of this feed is known by: told apart by all that decides what its rows mean. */
function digester(ctx: StageContext, { feedId, header }: Batch) {
  const keys = createKeys(ctx.identityKey);
  const version = `${feedId}\n${interpreterVersion(connectorOf(ctx, feedId))}`;
  return ({ sheet, digest }: Landed): string =>
    uuidFromBytes(
      Buffer.from(
        keys.digest(`${version}\n${sheet}\n${JSON.stringify(header[sheet] ?? [])}\n${digest}`),
        'hex',
      ),
    );
}

export async function planPages(
  tx: Transaction,
  ctx: StageContext,
  batch: Batch,
): Promise<PagePlan> {
  const landed = await tx<Landed[]>`
    select first_ordinal as "firstOrdinal", row_count as "rowCount", sheet, digest
    from hub.landed_page where batch_id = ${batch.batchId} order by first_ordinal`;
  const digestOf = digester(ctx, batch);
  const places = new Map<string, number>();
  const digests = landed.map((page) => {
    const digest = digestOf(page);
    if (!places.has(digest)) places.set(digest, page.firstOrdinal);
    return digest;
  });
  const known = await knownPages(tx, [...places.keys()], lastDayOf(batch.asOf));
  const unknown = [...places].filter(([digest]) => !known.has(digest));
  const ids = await newPageIds(tx, unknown.length);
  const fresh = unknown.map(([digest, firstOrdinal], n) => ({
    firstOrdinal,
    pageId: ids[n] ?? 0,
    digest,
  }));
  const pageIds = new Map(fresh.map(({ digest, pageId }) => [digest, pageId]));
  for (const [digest, { pageId }] of known) pageIds.set(digest, pageId);
  const pages = landed.map(({ firstOrdinal, rowCount }, n) => ({
    firstOrdinal,
    rowCount,
    pageId: pageIds.get(digests[n] ?? '') ?? 0,
  }));
  return { pages, known: [...known.values()], fresh };
}
