/**
 * The explorer's page is built once per set of versions, in a process of its own: it takes seconds of
 * CPU that the first warning should not wait for, and a failed build must not stop the hub.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../base/config.ts';
import type { Log } from '../base/log.ts';
import type { Closing } from './stopping.ts';

const BUILDER = fileURLToPath(new URL('build-explorer.ts', import.meta.url));

/** The folder of the built page; undefined when it cannot be built. */
export function openExplorer(
  { dataFolder }: Config,
  closing: Closing,
  log: Log,
): Promise<string | undefined> {
  const child = spawn(process.execPath, [BUILDER, join(dataFolder, 'explorer')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  closing.add(async () => child.kill());
  let folder = '';
  child.stdout.on('data', (chunk: Buffer) => {
    folder += chunk.toString();
  });
  return new Promise((done) => {
    child.once('error', () => done(undefined));
    child.once('close', (code) => {
      if (code !== 0) log.warn('explorer.not-built', { code });
      done(code === 0 ? folder.trim() : undefined);
    });
  });
}
