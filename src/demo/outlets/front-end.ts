/**
 * Fills the front-end database from the county's files as the departments would that share one:
 * exchange tables first, then the delivery is sealed, all in one transaction.
 */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Secret } from '../../base/secret.ts';
import { connect, type Transaction } from '../../platform/database.ts';
import { FRONT_END_SCHEMA } from '../feeds.ts';
import type { Department } from './department.ts';
import { frontEndOf, type TableDelivery } from './table-outlet.ts';

type Table = { name: string; columns: string[] };

const tablesOf = ({ sheets }: Department): Table[] =>
  sheets.map(({ name, columns }) => ({ name, columns: columns.map(([column]) => column) }));

const schemaSql = (tables: readonly Table[]) => `
  drop schema if exists ${FRONT_END_SCHEMA} cascade;
  create schema ${FRONT_END_SCHEMA};
  create table ${FRONT_END_SCHEMA}.exchange_delivery (
    feed text not null, as_of date not null, sequence int not null, rows int not null,
    sealed_at timestamptz, primary key (feed, as_of, sequence));
  ${tables
    .map(
      ({ name, columns }) => `create table ${FRONT_END_SCHEMA}.${name} (
        as_of date not null, sequence int not null, row_no int not null,
        ${columns.map((column) => `${column} text`).join(', ')},
        primary key (as_of, sequence, row_no));`,
    )
    .join('\n')}`;

/** Replaces the schema `front_end` of a database with the deliveries in `folder`. */
export async function fillFrontEnd(
  folder: string,
  databaseUrl: Secret,
  departments: readonly Department[],
): Promise<{ rows: number }> {
  const sql = connect(databaseUrl, { role: 'owner', max: 1, name: 'demo-front-end' });
  const sharing = departments.filter(({ way }) => way.kind === 'tables');
  let rows = 0;
  try {
    await sql.begin(async (tx) => {
      await tx.unsafe(schemaSql(sharing.flatMap(tablesOf)));
      for (const department of sharing) rows += await fillTables(tx, folder, department);
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
  return { rows };
}

async function fillTables(tx: Transaction, folder: string, department: Department) {
  const place = join(folder, frontEndOf(department.feed));
  if (!existsSync(place)) return 0;
  let rows = 0;
  for (const file of readdirSync(place).filter((name) => name.startsWith('delivery_'))) {
    const sealed: TableDelivery = JSON.parse(readFileSync(join(place, file), 'utf8'));
    const { feed, asOf, sequence } = sealed;
    for (const { name, columns } of tablesOf(department)) {
      const path = join(place, `${name}_${asOf}_${sequence}.csv`);
      if (!existsSync(path)) continue;
      const into = `${FRONT_END_SCHEMA}.${name} (as_of, sequence, row_no, ${columns.join(', ')})`;
      const target = await tx.unsafe(`copy ${into} from stdin (format csv)`).writable();
      await pipeline(createReadStream(path), target);
    }
    await tx.unsafe(
      `insert into ${FRONT_END_SCHEMA}.exchange_delivery values ($1, $2, $3, $4, $2::date + interval '20 hours')`,
      [feed, asOf, sequence, sealed.rows],
    );
    rows += sealed.rows;
  }
  return rows;
}
