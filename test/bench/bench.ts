/** What every part of the bench is given: a server of its own, sizes, and a place to speak. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Secret } from '../../src/base/secret.ts';
import { postgres } from '../../src/platform/driver.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { urlOfDatabase } from '../../src/platform/server-databases.ts';

/** Sizes of a run; the short ones give the same ratios with less certainty. */
export type Sizes = {
  /** Rows of the income feed that are ingested. */
  rows: number;
  /** Officials whose night and whose profiles are measured. */
  officials: number;
  /** Officials of the county whose feeds are synced. */
  countyOfficials: number;
  /** Officials among whom some are found. */
  persons: number;
  /** Rules of a larger book whose night is measured, too; 0 = only the hub's own. */
  rules: number;
  /** Rounds and seconds of each load, server by server in turn. */
  rounds: number;
  roundSeconds: number;
};

export type Bench = { serverUrl: Secret; folder: string; sizes: Sizes; say(text: string): void };

/** A new database with every migration applied. */
export async function newDatabase({ serverUrl }: Bench, name: string): Promise<string> {
  const admin = postgres(serverUrl.reveal(), { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  const url = urlOfDatabase(serverUrl, name).reveal();
  await migrate(new Secret(url));
  return url;
}

/** Runs a part in a process of its own; it prints its figures as one line of JSON. */
export async function figuresOf<T>(script: string, args: readonly string[]): Promise<T> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], {
    maxBuffer: 1e7,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as T;
}
