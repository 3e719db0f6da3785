import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/index.ts';
import { dataFolder, hub } from '../harness/hub-process.ts';

test('help names every command in two languages', async () => {
  const { code, stdout } = await hub(['help']);
  expect(code).toBe(0);
  for (const { usage, zh, en } of COMMANDS.values()) {
    expect(stdout).toContain(usage);
    expect(stdout).toContain(zh);
    expect(stdout).toContain(en);
  }
  expect((await hub([])).stdout).toBe(stdout);
});

test.each([
  [['fetch-everything'], /没有命令 fetch-everything[\s\S]*There is no command fetch-everything/],
  [['correlate', '--fast'], /选项有误[\s\S]*--fast/],
  [['correlate', '--as-of', '2026-02-30'], /应为日期[\s\S]*must be a date/],
  [['sync'], /请写明数据源[\s\S]*Name the feed/],
  [['sync', 'income', 'vehicle'], /多余的参数 vehicle[\s\S]*Unexpected vehicle/],
  [['demo', '--officials', 'many'], /应为整数[\s\S]*must be a whole number/],
])('a wrong command line is refused with exit code 2: hub %j', async (args, words) => {
  const { code, stdout, stderr } = await hub(args, { HUB_DATA: dataFolder() });
  expect(stderr).toMatch(words);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('a night of a date to come is refused with exit code 1 and a sentence', async () => {
  const folder = dataFolder();
  const { code, stderr } = await hub(['correlate', '--as-of', '2162-06-30'], { HUB_DATA: folder });
  expect(stderr).toMatch(/2162-06-30 晚于今天[\s\S]*lies after today/);
  expect(code).toBe(1);
});

test('L2 a wrong setting stops every command with exit code 1, naming the setting', async () => {
  const commands = ['demo', 'all', 'worker', 'migrate'];
  const ends = await Promise.all(commands.map((command) => hub([command], { HUB_DATTA: 'x' })));
  for (const { code, stderr } of ends) {
    expect(stderr).toMatch(/设置有误[\s\S]*not valid: HUB_DATTA/);
    expect(code).toBe(1);
  }
});
