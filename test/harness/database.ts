/** A database of its own for a test file, copied from the migrated template and dropped at the end. */
import postgres from 'postgres';
import { afterAll, inject } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { connect, type DatabaseRole, type Sql } from '../../src/platform/database.ts';

export type TestDatabase = {
  url: Secret;
  /** A client of that role; closed for you when the file ends. */
  as(role: DatabaseRole, max?: number): Sql;
  drop(): Promise<void>;
};

let counter = 0;

export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('serverUrl');
  counter += 1;
  const name = `hub_test_${process.pid}_${counter}_${Math.random().toString(36).slice(2, 8)}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name} template ${inject('template')}`);
  await admin.end();
  const parsed = new URL(serverUrl);
  parsed.pathname = `/${name}`;
  const url = new Secret(parsed.href);
  const clients: Sql[] = [];
  return {
    url,
    as(role, max) {
      const client = connect(url, max === undefined ? { role } : { role, max });
      clients.push(client);
      return client;
    },
    async drop() {
      await Promise.all(clients.map((client) => client.end({ timeout: 2 })));
      const again = postgres(serverUrl, { max: 1, onnotice: () => undefined });
      await again.unsafe(`drop database if exists ${name} with (force)`);
      await again.end();
    },
  };
}

/** Call once at the top of a test file. */
export function testDatabase(): { get(): Promise<TestDatabase> } {
  let created: Promise<TestDatabase> | undefined;
  afterAll(async () => {
    await (await created)?.drop();
  });
  return {
    get() {
      created ??= createTestDatabase();
      return created;
    },
  };
}
