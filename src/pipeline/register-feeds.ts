/** Brings the rows of `feed` in line with the folders under connectors/; what is linked stays. */
import type { Connector, Manifest } from '../../connectors/kit/index.ts';
import type { Sql } from '../platform/database.ts';
import { addAuthorities } from './link/population.ts';
import { pullRank } from './pull-rank.ts';

/** The code list a roster names its managing authorities by; their rows exist before any roster. */
const AUTHORITY_CODES = 'authority';

const IDENTIFYING: ReadonlySet<string> = new Set(['resident-id', 'travel-document']);

/** Columns whose cells are masked when a delivered row is shown. */
const identityColumns = ({ sheets }: Manifest): string[] => [
  ...new Set(
    Object.values(sheets).flatMap(({ columns }) =>
      Object.entries(columns).flatMap(([name, { type }]) => (IDENTIFYING.has(type) ? [name] : [])),
    ),
  ),
];

/** Upserts one row per connector, and the authorities the manifests name. */
export async function registerFeeds(sql: Sql, connectors: Map<string, Connector>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`lock table hub.feed in share row exclusive mode`;
    for (const { id, manifest: m } of connectors.values()) {
      await tx`
        insert into hub.feed (feed_id, title_zh, title_en, publisher_zh, publisher_en, agreement_no,
          legal_basis, purpose, stale_after_days, schedule, pull_rank, identity_columns)
        values (${id}, ${m.title.zh}, ${m.title.en}, ${m.publisher.zh}, ${m.publisher.en},
          ${m.agreementNo}, ${m.legalBasis}, ${m.purpose}, ${m.staleAfterDays}, ${m.schedule},
          ${pullRank(m)}, ${identityColumns(m)}::text[])
        on conflict (feed_id) do update set title_zh = excluded.title_zh, title_en = excluded.title_en,
          publisher_zh = excluded.publisher_zh, publisher_en = excluded.publisher_en,
          agreement_no = excluded.agreement_no, legal_basis = excluded.legal_basis,
          purpose = excluded.purpose, stale_after_days = excluded.stale_after_days, pull_rank = excluded.pull_rank,
          identity_columns = array(
            select distinct unnest(feed.identity_columns || excluded.identity_columns) order by 1)`;
    }
    const codes = [...connectors.values()].flatMap(({ manifest }) =>
      Object.values(manifest.codes[AUTHORITY_CODES] ?? {}),
    );
    await addAuthorities(tx, [...new Set(codes)]);
  });
}
