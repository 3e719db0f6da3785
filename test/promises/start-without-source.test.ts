/** A feed that the feeds file does not name, as every new one is at first, is passed over and named. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { dataFolder, hub, startHub } from '../harness/hub-process.ts';

/** An installation that has agreed on two feeds, one of them paused. */
function installation(): Record<string, string> {
  const folder = dataFolder();
  for (const feed of ['income', 'vehicle']) mkdirSync(join(folder, feed));
  const file = join(folder, 'feeds.yml');
  writeFileSync(
    file,
    'feeds: { income: { folder: ./income }, vehicle: { folder: ./vehicle, enabled: false } }',
  );
  chmodSync(file, 0o600);
  return { HUB_DATA: join(folder, 'data'), HUB_FEEDS: file, PORT: '0', HUB_EXPLORER: 'off' };
}

const settings = installation();
const resting = [...(await loadConnectors()).keys()].filter(
  (feed) => feed !== 'income' && feed !== 'vehicle',
);

test('npm start names the feeds without a source and gets ready', async () => {
  const demo = startHub(['demo', '--officials', '40'], settings);
  await demo.says('Ctrl-C', 110);
  expect(demo.output()).toMatch(/– 信访举报.* petition: 没有来源，跳过 no source, passed over/);
  expect(demo.output()).toMatch(/– 机动车登记 vehicle: 已暂停，跳过 paused, passed over/);
  expect(demo.output()).toMatch(/✓ 拉取.* pull income 没有新交付 nothing new/);
  expect(demo.output().match(/no source/g)).toHaveLength(resting.length);
  demo.child.kill('SIGTERM');
  expect((await demo.ended).code).toBe(0);
});

test('hub all names them in the log and serves; hub sync --all pulls the others', async () => {
  const all = startHub(['all'], settings);
  let log = '';
  all.child.stderr?.on('data', (text: Buffer) => {
    log += text;
  });
  await expect.poll(() => log, { timeout: 60_000 }).toContain('hub.ready');
  const line = log.split('\n').find((it) => it.includes('feed.without-source'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({
    level: 'warn',
    feeds: resting.join(', '),
    see: 'feeds.example.yml',
  });
  const pulled = await hub(['sync', '--all'], settings);
  expect(pulled.stdout).toContain('roster: 没有来源');
  expect(pulled.stdout).toContain('pull income');
  expect(pulled.code).toBe(0);
  all.child.kill('SIGTERM');
  expect((await all.ended).code).toBe(0);
});

test('hub sync of such a feed says what to write, and where; one bad source is named and fails', async () => {
  const { code, stdout, stderr } = await hub(['sync', 'roster'], settings);
  expect(stderr).toMatch(/feeds\.roster 下写明 folder[\s\S]*under feeds\.roster of the feeds file/);
  expect(stdout).toBe('');
  expect(code).toBe(1);
  writeFileSync(
    settings.HUB_FEEDS ?? '',
    'feeds: { income: { folder: ./gone }, vehicle: { folder: ./vehicle } }',
  );
  const pulled = await hub(['sync', '--all'], settings);
  expect(pulled.stdout).toMatch(/✗ .*pull income[\s\S]*feeds\.income\.folder/);
  expect(pulled.stdout).toMatch(/✓ .*pull vehicle/);
  expect(pulled.code).toBe(1);
});
