/**
 * Runs once per test run: a throw-away PostgreSQL (or the server DATABASE_URL names) with one
 * migrated template, of which every test file takes a copy.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { Secret } from '../../src/base/secret.ts';
import { postgres } from '../../src/platform/driver.ts';
import { clusterFolder, startEmbeddedPostgres } from '../../src/platform/embedded-postgres.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { ownLogins } from '../../src/platform/own-logins.ts';

declare module 'vitest' {
  interface ProvidedContext {
    serverUrl: string;
    template: string;
    /** URLs of the server under a login of the API and one of the workers. */
    logins: { api: string; worker: string };
  }
}

const inDatabase = (url: string, name: string) => {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
};

export default async function setup(project: TestProject) {
  const given = process.env.DATABASE_URL;
  const folder = mkdtempSync(join(tmpdir(), 'hub-test-'));
  const server = given ? undefined : await startEmbeddedPostgres({ folder, isThrowAway: true });
  const serverUrl = given ?? server?.url.reveal() ?? '';
  const template = `hub_template_${process.pid}`;
  const sql = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`create database ${template}`);
  await migrate(new Secret(inDatabase(serverUrl, template)));
  const logins = await ownLogins(
    new Secret(serverUrl),
    new Secret(randomBytes(32).toString('hex')),
  );
  project.provide('logins', { api: logins.api.reveal(), worker: logins.worker.reveal() });
  project.provide('serverUrl', serverUrl);
  project.provide('template', template);
  return async () => {
    await sql.unsafe(`drop database if exists ${template} with (force)`);
    for (const login of Object.values(logins)) {
      await sql.unsafe(`drop role if exists ${new URL(login.reveal()).username}`);
    }
    await sql.end();
    await server?.stop();
    rmSync(clusterFolder(folder), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  };
}
