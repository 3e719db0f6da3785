/** Puts facts of cases straight into the graph, as the link stage would, each with a feed and a batch. */
import { createHash } from 'node:crypto';
import { namingReader } from '../../connectors/kit/naming.ts';
import { foldName } from '../../connectors/kit/values/name.ts';
import { uuidFromBytes } from '../../src/base/person-key.ts';
import {
  type CaseFact,
  type FactKind,
  factKinds,
  factsOf,
  plainCast,
  type Row,
  type Told,
} from '../../src/cases/index.ts';
import type { Sql, Transaction } from '../../src/platform/database.ts';

export const KINDS = await factKinds();
/** Every feed a case may hear of. */
export const FEEDS: readonly string[] = [
  ...new Set([...KINDS.values()].map(({ feed }) => feed.id)),
].sort();

export type Subject = { personId: string; unitCode: string };
/** A row of a table, by column, without its batch. */
export type Fact = { table: string; row: Record<string, unknown> };

const uuid = (text: string) => uuidFromBytes(createHash('sha256').update(text).digest());

let facts = 0;

/** Numbers from one again, so that two databases get the same facts. */
export const startCounting = () => {
  facts = 0;
};

/** The key under which a person stands in the graph, where facts come from cases. */
export const keyOf = (idNumber: string): string => uuid(idNumber);

/** The facts of the case numbered `number`, and the subject its finding must be about. */
export function rowsOf(
  told: Told,
  number: number,
  cast = plainCast(number),
): { subject: Subject; facts: Fact[] } {
  const person = (role: string) => keyOf(cast.person(role).idNumber);
  const made = factsOf(KINDS, told, cast);
  return {
    subject: { personId: person('self'), unitCode: cast.unit.code },
    facts: made.map((fact) => toRow(fact, person)),
  };
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Keys of what the row names besides people: the company or unit it is about or mentions. */
function otherKeys({ sheets, table }: FactKind, row: Row): [column: string, key: string][] {
  const { subject, mentions = {} } = sheets[0]?.[1] ?? {};
  const namings = [
    ...(subject ? [[table.subjectColumn, subject] as const] : []),
    ...Object.entries(mentions).map(([field, naming]) => [snake(field), naming] as const),
  ];
  const fields = Object.keys(row);
  return namings.flatMap(([column, naming]) => {
    const named = namingReader(naming, (field) => fields.indexOf(field))(Object.values(row));
    return named ? [[column, uuid(`${named.scheme} ${named.number}`)]] : [];
  });
}

/** The name under which a register has the person: what the row says, or says of nobody. */
function registeredName({ sheets, table }: FactKind, row: Row) {
  const field = sheets[0]?.[1].personName;
  if (!table.isRegister) return {};
  const name = field === undefined ? null : row[field];
  return { registered_name: typeof name === 'string' ? foldName(name) : null };
}

function toRow({ kind, of, row }: CaseFact, person: (role: string) => string): Fact {
  const described = KINDS.get(kind);
  if (!described) throw new RangeError(`no feed delivers ${kind}`);
  const { table, ordinary, feed } = described;
  facts += 1;
  const own = table.columns.flatMap(({ field, name }) =>
    field in row ? [[name, row[field]] as const] : [],
  );
  return {
    table: kind,
    row: {
      person_id: person(ordinary.introduces ? 'self' : of),
      ...Object.fromEntries(own),
      ...registeredName(described, row),
      ...Object.fromEntries(otherKeys(described, row)),
      ...(ordinary.introduces ? { relative_id: person(of) } : {}),
      id: uuid(`fact ${facts}`),
      known_from: '2026-06-01',
      known_to: 'infinity',
      feed_id: feed.id,
      ordinal: facts,
      digest: uuid(`digest ${facts}`),
      managed_by: [],
    },
  };
}

/** One feed and one linked batch of it, cut on that day. */
export async function insertFeed(
  sql: Sql,
  feedId: string,
  asOf: string,
  staleAfterDays = 45,
): Promise<number> {
  await sql`
    insert into hub.feed (feed_id, title_zh, title_en, publisher_zh, publisher_en, agreement_no, legal_basis,
      purpose, stale_after_days, schedule)
    values (${feedId}, ${feedId}, ${feedId}, '', '', '', '', '', ${staleAfterDays}, '')
    on conflict (feed_id) do nothing`;
  facts += 1;
  const [row] = await sql<{ id: number }[]>`
    insert into hub.batch (feed_id, as_of, mode, payload_name, payload_digest, payload_bytes, header, kinds, state, received_at)
    values (${feedId}, ${asOf}, 'delta', '', ${`${feedId} ${asOf} ${facts}`}, 0, '{}', '{}', 'linked', ${`${asOf} 12:00+08`})
    returning batch_id::float8 as id`;
  return row?.id ?? 0;
}

/** Feeds, one batch each, and the authority the officials belong to. */
export async function insertFeeds(sql: Sql, asOf: string): Promise<Map<string, number>> {
  await sql`insert into hub.authority (code, name) values ('county', '县管') on conflict do nothing`;
  const batches = new Map<string, number>();
  for (const feedId of FEEDS) batches.set(feedId, await insertFeed(sql, feedId, asOf));
  return batches;
}

/** Writes facts straight into the graph, as the link stage would. */
export async function insertFacts(
  sql: Sql | Transaction,
  given: readonly Fact[],
  batches: ReadonlyMap<string, number>,
): Promise<void> {
  for (const table of new Set(given.map((fact) => fact.table))) {
    const rows = given
      .filter((fact) => fact.table === table)
      .map(({ row }) => ({ batch_id: batches.get(String(row.feed_id)) ?? 0, ...row }));
    await sql.unsafe(
      `insert into hub.${table} select * from jsonb_populate_recordset(null::hub.${table}, $1::text::jsonb)`,
      [JSON.stringify(rows)],
    );
  }
}
