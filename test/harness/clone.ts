/** A clone of the project as it stands in the working folder, for what a newcomer or a branch does. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Clone = {
  folder: string;
  git(...args: string[]): Promise<string>;
  /** Runs a script of package.json; resolves with what it wrote. */
  npm(script: string, ...args: string[]): Promise<string>;
  /** Runs a file of the clone on Node, which starts faster than npm. */
  node(file: string, ...args: string[]): Promise<string>;
  /** Lays the files of a folder over the clone; a `.txt` behind a `.ts` is dropped from the name. */
  lay(from: string): void;
  remove(): void;
};

const AUTHOR = ['-c', 'user.name=newcomer', '-c', 'user.email=newcomer@example.invalid'];

function layOver(folder: string, from: string): void {
  cpSync(from, folder, { recursive: true, filter: (path) => path !== join(from, 'README.md') });
  for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts.txt')) continue;
    renameSync(join(folder, path), join(folder, path.slice(0, -'.txt'.length)));
  }
}

/** Every file git knows or would add, committed once on branch `main`; node_modules is shared. */
export async function cloneProject(): Promise<Clone> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-clone-'));
  const { stdout } = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: ROOT,
    maxBuffer: 1 << 26,
  });
  const isThere = (path: string) => path !== '' && existsSync(join(ROOT, path));
  for (const path of stdout.split('\0').filter(isThere)) {
    cpSync(join(ROOT, path), join(folder, path), { force: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const said = async (program: string, args: readonly string[]) =>
    (await run(program, args, { cwd: folder, maxBuffer: 1 << 26 })).stdout;
  const git = (...args: string[]) => said('git', [...AUTHOR, ...args]);
  await git('init', '-q', '-b', 'main');
  // The ignore list means the folder; here it is a link.
  writeFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
  await git('add', '-A');
  await git('commit', '-qm', 'everything');
  return {
    folder,
    git,
    npm: (script, ...args) => said('npm', ['run', '-s', script, '--', ...args]),
    node: (file, ...args) => said(process.execPath, [file, ...args]),
    lay: (from) => layOver(folder, from),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
