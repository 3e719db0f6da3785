/**
 * Builds the explorer's page from packages already installed: no network, and once per set of
 * versions. A build that was interrupted leaves no folder of the final name, so it is made again.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const PAGE = fileURLToPath(new URL('page', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('examples', import.meta.url));
const PACKAGES = ['graphiql', '@graphiql/react', '@graphiql/toolkit', 'react', 'react-dom', 'vite'];

const readAll = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));

/** Changes when a package or one of our own files does. */
function versionOf(): string {
  const versions = PACKAGES.map((name) => {
    const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    return `${name}@${version}`;
  });
  const hash = createHash('sha256');
  for (const text of [...versions, ...readAll(PAGE), ...readAll(EXAMPLES)]) hash.update(text);
  return hash.digest('hex').slice(0, 12);
}

/** Builds the page below `parent` unless it is there already; returns its folder. */
export async function buildExplorer(parent: string): Promise<string> {
  const folder = join(parent, `explorer-${versionOf()}`);
  if (existsSync(join(folder, 'index.html'))) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(parent, { recursive: true });
  await build({
    root: PAGE,
    base: '/explorer/',
    configFile: false,
    logLevel: 'error',
    clearScreen: false,
    build: {
      outDir: draft,
      emptyOutDir: true,
      // The editor is one large program; a warning about its size helps nobody.
      chunkSizeWarningLimit: 10_000,
    },
  });
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another process may have finished first.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(join(folder, 'index.html'))) throw error;
  }
  return folder;
}
