/** The hub's own files: nobody else reads them, and a disk that is full ends nothing but the writing. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { logFile } from '../../src/base/log-file.ts';
import { makePrivateFolder } from '../../src/base/private-file.ts';
import { asHubError } from '../../src/platform/foreign-errors.ts';
import { testDatabase } from '../harness/database.ts';
import { dataFolder, hub } from '../harness/hub-process.ts';
import { until } from '../harness/until.ts';

const database = testDatabase();
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const hasFullDevice = process.platform === 'linux';

test('L3 folder and log are made for their owner alone, and an older log is closed to others', async () => {
  const folder = join(dataFolder(), 'data');
  makePrivateFolder(folder);
  // Root's folder may be passed by the embedded server's user, who can list and read nothing in it.
  expect(modeOf(folder)).toBe(process.getuid?.() === 0 ? '711' : '700');
  const path = join(folder, 'hub.log');
  writeFileSync(path, '', { mode: 0o644 });
  const log = createLog(logFile(path));
  log.info('hello');
  await until(async () => readFileSync(path, 'utf8').endsWith('\n'));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ level: 'info', event: 'hello' });
  expect(modeOf(path)).toBe('600');
});

test('L4 a log whose folder is gone goes on when it is back', async () => {
  const folder = join(dataFolder(), 'later');
  const path = join(folder, 'hub.log');
  const write = logFile(path);
  write('lost\n');
  mkdirSync(folder);
  await until(async () => {
    write('kept\n');
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  });
  expect(modeOf(path)).toBe('600');
});

const realErrors: [string, string, () => void][] = hasFullDevice
  ? [['a full disk', 'storage.full', () => writeFileSync('/dev/full', 'x')]]
  : [];
test.each([
  ...realErrors,
  ['EROFS', 'storage.read-only', thrown('EROFS', 'mkdir')],
  ['EACCES', 'storage.read-only', thrown('EACCES', 'open')],
  ['a socket refused', 'internal', thrown('EACCES', 'connect')],
] as [string, string, () => void][])('L4 %s has its own sentence: %s', (_, code, work) => {
  let error: unknown;
  try {
    work();
  } catch (caught) {
    error = caught;
  }
  const known = asHubError(error);
  expect(known.code).toBe(code);
  if (code !== 'internal')
    expect([known.kind, known.chinese]).toEqual(['transient', expect.stringContaining('HUB_DATA')]);
});

function thrown(code: string, syscall: string) {
  return () => {
    throw Object.assign(new Error('x'), { code, syscall });
  };
}

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

test('L4 a hub whose log goes to a full disk serves on', async () => {
  const { url } = await database.get();
  const port = await freePort();
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const output = hasFullDevice ? '/dev/full' : '/dev/null';
  const settings = { DATABASE_URL: url.reveal(), HUB_DEMO: 'on', HUB_DATA: dataFolder() };
  const env = {
    PATH: process.env.PATH,
    ...settings,
    HUB_MONITOR_PORT: String(port),
    HUB_EXPLORER: 'off',
  };
  const child = spawn(
    'sh',
    ['-c', `exec "$0" "$1" worker 2>${output} >${output}`, process.execPath, main],
    { env },
  );
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  await until(async () => {
    if (isOver) throw new Error('the hub ended');
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    return answer?.status === 200;
  });
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('L1 a command that fails leaves the SQLSTATE of its cause in the log', async () => {
  const { url } = await database.get();
  const wrong = new URL(url.reveal());
  wrong.username = 'nobody_of_that_name';
  const { code, stderr } = await hub(['migrate'], {
    ...{ DATABASE_URL: wrong.href, HUB_DEMO: 'on', HUB_DATA: dataFolder() },
  });
  expect(code).toBe(1);
  const line = stderr.split('\n').find((it) => it.startsWith('{')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    event: 'command.failed',
    sqlState: expect.stringMatching(/^28/),
  });
});
