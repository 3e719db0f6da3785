/** INSTALL.md as a script: its blocks of shell in order, under other values than the page's. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Block = { kind: 'values' | 'steps'; heading: string; text: string };

/** Every block of shell of a page, with the heading it stands under. */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(`${ROOT}/${page}`, 'utf8');
  const found: Block[] = [];
  let heading = '';
  for (const [, title, info, body = ''] of text.matchAll(
    /^## (.*)$|^```sh( values)?\n([\s\S]*?)^```$/gm,
  )) {
    if (title !== undefined) heading = title;
    else found.push({ kind: info ? 'values' : 'steps', heading, text: body });
  }
  return found;
}

/** Names that a block exports. */
export const namesIn = (text: string): string[] =>
  [...text.matchAll(/^export (.*?)(?:\s#.*)?$/gm)]
    .flatMap(([, line = '']) => [...line.matchAll(/(\w+)=/g)].map(([, name = '']) => name))
    .sort();

export type Followed = { code: number | null; output: string };

const OURS = /^(HUB|DATABASE_URL|REDIS_URL|PORT$|VITEST|NODE_OPTIONS|PG)/;

/** Runs the steps in one shell, as somebody would who copies them, and says what it ended with. */
export function follow(
  blocks: readonly Block[],
  values: Readonly<Record<string, string>>,
): Promise<Followed> {
  const steps = blocks.filter(({ kind }) => kind === 'steps');
  const script = [
    'set -euo pipefail',
    `trap 'kill $PIDS 2>/dev/null || true' EXIT; PIDS=`,
    ...steps.flatMap(({ heading, text }) => [`echo ${JSON.stringify(`## ${heading}`)}`, text]),
  ].join('\n');
  const inherited = Object.entries(process.env).filter(([name]) => !OURS.test(name));
  const child = spawn('bash', ['-c', script], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), ...values },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((done) => child.once('close', (code) => done({ code, output })));
}
