/** A copy of the tracked tree in a temporary folder, for tests of what a newcomer adds to it. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LEFT_OUT = new Set(['node_modules', 'data', '.git', 'dist']);
const run = promisify(execFile);

export type CopiedTree = {
  folder: string;
  /** Lays the files of a folder over the copy; a `.txt` behind a `.ts` is dropped from the name. */
  lay(from: string): void;
  /** Runs a program of the copy and gives what it printed; fails with it where the program fails. */
  run(
    file: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<string>;
  remove(): void;
};

export function copiedTree(): CopiedTree {
  const folder = mkdtempSync(join(tmpdir(), 'hub-copied-tree-'));
  for (const name of readdirSync(ROOT)) {
    if (!LEFT_OUT.has(name)) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    lay(from) {
      cpSync(from, folder, { recursive: true, filter: (path) => !path.endsWith('README.md') });
      for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
        if (path.endsWith('.ts.txt')) {
          renameSync(join(folder, path), join(folder, path.replace(/\.txt$/, '')));
        }
      }
    },
    async run(file, args, env = {}) {
      try {
        const options = { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 1 << 26 };
        const { stdout, stderr } = await run(process.execPath, [file, ...args], options);
        return `${stdout}${stderr}`;
      } catch (error) {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        throw new Error(`${file} ${args.join(' ')} failed:\n${stdout.slice(-6000)}${stderr}`);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
