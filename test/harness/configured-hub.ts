/** An installation on the test's own database, for the commands of its workers: settings, feeds file, key. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDatabase } from './database.ts';
import { dataFolder } from './hub-process.ts';

export type Installation = {
  folder: string;
  /** Folder of the feed `income`, empty. */
  inbox: string;
  settings: Record<string, string>;
};

/** `feeds` is the text of the feeds file; by default `income` comes by the folder `inbox`. */
export function installationOn({ logins }: TestDatabase, feeds?: string): Installation {
  const folder = dataFolder();
  const path = (name: string) => join(folder, name);
  const inbox = path('inbox');
  mkdirSync(inbox);
  writeFileSync(path('feeds.yml'), feeds ?? `feeds: { income: { folder: ${inbox} } }`);
  writeFileSync(path('identity.key'), 'an identity key of thirty-two characters');
  for (const name of ['feeds.yml', 'identity.key']) chmodSync(path(name), 0o600);
  return {
    folder,
    inbox,
    settings: {
      HUB_WORKER_DATABASE_URL: logins.worker.reveal(),
      HUB_DATA: path('data'),
      HUB_FEEDS: path('feeds.yml'),
      HUB_IDENTITY_KEY_FILE: path('identity.key'),
    },
  };
}
