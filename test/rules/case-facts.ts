/**
 * Builds the facts of a rule's case around one official. Every case has people and a unit of its own,
 * so that all cases of all rules can stand in one database. A case names what matters; the rest is
 * ordinary: in service, three signed annual declarations, three years of wages.
 */
import { createHash } from 'node:crypto';
import { uuidFromBytes } from '../../src/base/person-key.ts';
import type { Sql } from '../../src/platform/database.ts';
import type { RuleCase } from '../../src/rules/kit/cases.ts';

type Value = string | number | boolean | null | readonly string[];
type Row = Readonly<Record<string, Value>>;

export const FEEDS: Readonly<Record<string, string>> = {
  official: 'roster',
  post: 'roster',
  unit: 'roster',
  kinship: 'declaration',
  declaration: 'declaration',
  declared_property: 'declaration',
  declared_document: 'declaration',
  declared_trip: 'declaration',
  declared_holding: 'declaration',
  property: 'real-estate',
  vehicle: 'vehicle',
  income: 'income',
  travel_document: 'exit-entry',
  crossing: 'exit-entry',
  audit: 'audit',
  petition: 'petition',
};

const YEARS = [2023, 2024, 2025];
const DEFAULT_ROWS: Readonly<Record<string, readonly Row[]>> = {
  official: [{}],
  unit: [{}],
  declaration: YEARS.map((year) => ({ year })),
  income: YEARS.map((taxYear) => ({ taxYear })),
};

const uuid = (text: string) => uuidFromBytes(createHash('sha256').update(text).digest());
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

let counter = 0;
const next = () => {
  counter += 1;
  return String(counter).padStart(6, '0');
};

/** Numbers from one again, so that two databases get the same facts. */
export const startCounting = () => {
  counter = 0;
};

/** What a row has where the case says nothing. */
const ordinary = (table: string, unitCode: string): Row => {
  const n = next();
  const rows: Readonly<Record<string, Row>> = {
    official: {
      name: `测试${n}`,
      idNumber: `99990119700101${n.slice(2)}`,
      level: '141',
      unitCode,
      employment: 'in-service',
      authorityCode: 'county',
    },
    unit: {
      unitId: uuid(`unit ${unitCode}`),
      unitCode,
      name: `测试单位${n}`,
      kind: 'government',
      staffCount: 100,
      isKeyUnit: false,
    },
    post: {
      unitCode,
      title: '科长',
      dutyCode: `D${n}`,
      isLeadingMember: false,
      isAuditSubject: false,
    },
    kinship: { relativeName: `亲属${n}`, isCoLiving: true },
    declaration: { kind: 'annual', signedOn: '2026-01-20', nilSections: [] },
    declared_property: {
      year: 2025,
      ownerName: '本人',
      address: `填报地址${n}`,
      use: 'residential',
      areaM2: 100,
    },
    declared_document: { year: 2025, kind: 'passport', documentNo: `EZ${n}` },
    declared_trip: { year: 2025 },
    declared_holding: { ownerName: '本人', isMarketValue: false },
    property: {
      unitNo: `999901001001GB9${n}F0001`,
      certificateNo: `证${n}`,
      address: `临江县无名路${n}号`,
      use: 'residential',
      areaM2: 100,
      ownership: 'sole',
      sharePercent: 100,
      obtainedBy: 'purchase',
      registeredOn: '2015-05-01',
    },
    vehicle: {
      vin: `LTEST0000000${n}`,
      plate: `浙Z${n}`,
      brand: '测试牌',
      kind: 'car',
      obtainedBy: 'purchase',
      state: 'normal',
    },
    income: {
      item: 'wages',
      payerName: '测试单位',
      payerCode: unitCode,
      grossWan: 15,
      taxWan: 1,
      isSettled: true,
    },
    travel_document: {
      documentNo: `EA${n}`,
      issuedOn: '2018-01-01',
      expiresOn: '2027-12-31',
      state: 'valid',
    },
    crossing: { documentNo: 'E00000001', documentKind: 'passport', port: '测试口岸' },
    audit: {
      reportNo: `审${n}`,
      unitCode,
      periodFrom: '2018-01-01',
      periodTo: '2020-12-31',
      kind: 'in-office',
    },
    petition: {
      caseNo: `XF${n}`,
      channel: 'letter',
      isNamed: false,
      unitCode,
      category: 'conduct',
    },
  };
  return rows[table] ?? {};
};

const RELATIONS: Readonly<Record<string, string>> = { spouse: '10', child: '20' };

/** Money given in 万元 becomes 分. */
const inFen = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) =>
      name.endsWith('Wan')
        ? [`${name.slice(0, -3)}Fen`, Math.round(Number(value) * 1_000_000)]
        : [name, value],
    ),
  );

export type Subject = { personId: string; unitCode: string };
export type Fact = { table: string; row: Record<string, Value> };

/** The facts of one case and the subject its finding must be about. */
export function factsOf(ruleId: string, given: RuleCase): { subject: Subject; facts: Fact[] } {
  const key = `${ruleId}|${given.name}`;
  const unitCode = `1299990${createHash('sha256').update(key).digest('hex').slice(0, 11).toUpperCase()}`;
  const person = (of: string) => uuid(`${key}|${of}`);
  const named = given.facts
    .flatMap((fact) => Object.entries(fact))
    .map(([table, row]) => ({ table, row }));
  const isNamed = (table: string) => named.some((fact) => fact.table === table);
  const defaults = Object.entries(DEFAULT_ROWS)
    .filter(([table]) => !isNamed(table) && !given.without.includes(table))
    .flatMap(([table, rows]) => rows.map((row) => ({ table, row })));
  const relatives = Object.keys(RELATIONS)
    .filter((of) => named.some(({ row }) => row.of === of))
    .filter((of) => !named.some(({ table, row }) => table === 'kinship' && row.of === of))
    .map((of) => ({ table: 'kinship', row: { of } as Row }));
  const facts = [...defaults, ...relatives, ...named].flatMap(({ table, row }) =>
    Array.from({ length: Number(row.times ?? 1) }, () => makeFact(table, row, unitCode, person)),
  );
  return { subject: { personId: person('self'), unitCode }, facts };
}

function makeFact(
  table: string,
  given: Row,
  unitCode: string,
  person: (of: string) => string,
): Fact {
  const { of = 'self', times: _, ...rest } = given;
  const n = next();
  const isKinship = table === 'kinship';
  const relative = isKinship
    ? { relativeId: person(String(of)), relation: RELATIONS[String(of)] ?? '99' }
    : {};
  const full = {
    personId: isKinship ? person('self') : person(String(of)),
    id: uuid(`fact ${n}`),
    knownFrom: '2026-06-01',
    knownTo: 'infinity',
    feedId: FEEDS[table] ?? 'roster',
    ordinal: Number(n),
    digest: uuid(`digest ${n}`),
    managedBy: [],
    ...relative,
    ...inFen({ ...ordinary(table, unitCode), ...rest }),
  };
  const row = Object.fromEntries(Object.entries(full).map(([name, value]) => [snake(name), value]));
  return { table, row };
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
  const [row] = await sql<{ id: number }[]>`
    insert into hub.batch (feed_id, as_of, mode, payload_name, payload_digest, payload_bytes, header, kinds, state, received_at)
    values (${feedId}, ${asOf}, 'delta', '', ${`${feedId} ${asOf} ${next()}`}, 0, '{}', '{}', 'linked', ${`${asOf} 12:00+08`})
    returning batch_id::float8 as id`;
  return row?.id ?? 0;
}

/** Feeds, one batch each, and the authority the officials belong to. */
export async function insertFeeds(sql: Sql, asOf: string): Promise<Map<string, number>> {
  await sql`insert into hub.authority (code, name) values ('county', '县管') on conflict do nothing`;
  const batches = new Map<string, number>();
  for (const feedId of new Set(Object.values(FEEDS)))
    batches.set(feedId, await insertFeed(sql, feedId, asOf));
  return batches;
}

/** Writes facts straight into the graph, as the link stage would. */
export async function insertFacts(
  sql: Sql,
  facts: readonly Fact[],
  batches: Map<string, number>,
): Promise<void> {
  for (const table of new Set(facts.map((fact) => fact.table))) {
    const rows = facts
      .filter((fact) => fact.table === table)
      .map(({ row }) => ({ batch_id: batches.get(FEEDS[table] ?? '') ?? 0, ...row }));
    await sql.unsafe(
      `insert into hub.${table} select * from jsonb_populate_recordset(null::hub.${table}, $1::text::jsonb)`,
      [JSON.stringify(rows)],
    );
  }
}
