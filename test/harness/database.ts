/** A database of its own for a test file, copied from the migrated template and dropped at the end. */

import { afterAll, inject } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { connect, type DatabaseRole, type Sql } from '../../src/platform/database.ts';
import { postgres } from '../../src/platform/driver.ts';
import { urlOfDatabase } from '../../src/platform/server-databases.ts';

export type TestDatabase = {
  /** Of the owner, who is a superuser here. */
  url: Secret;
  /** Of the logins the parts of the hub have. */
  logins: Record<'api' | 'worker', Secret>;
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
  const url = urlOfDatabase(new Secret(serverUrl), name);
  const own = inject('logins');
  const logins = {
    api: urlOfDatabase(new Secret(own.api), name),
    worker: urlOfDatabase(new Secret(own.worker), name),
  };
  const clients: Sql[] = [];
  return {
    url,
    logins,
    as(role, max) {
      const at = role === 'owner' ? url : logins[role];
      const client = connect(at, max === undefined ? { role } : { role, max });
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
