/** Accounts from the command line, as somebody at the installation's machine enters them. */
import { expect, test } from 'vitest';
import { testDatabase } from '../harness/database.ts';
import { dataFolder, hub } from '../harness/hub-process.ts';

const database = testDatabase();
const WHY = ['--reason', '到岗 (joins the office)'];

async function actor(...args: string[]) {
  const { url } = await database.get();
  const settings = { DATABASE_URL: url.reveal(), HUB_DEMO: 'on', HUB_DATA: dataFolder() };
  return hub(['actor', ...args], { ...settings, SUDO_USER: 'wang' });
}

test('an empty installation gets its first analyst and administrator by command, and the next grant waits for a second person', async () => {
  const rights = ['--role', 'analyst', '--authority', 'county', '--until', '2027-06-30'];
  const first = await actor('add', 'li', '--name', '李', ...rights, ...WHY);
  expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('授权已生效')]);
  const admin = ['--name', '赵', '--role', 'administrator', ...WHY];
  expect((await actor('add', 'zhao', ...admin)).stdout).toContain('in force now');
  const next = await actor('grant', 'li', '--role', 'operator', ...WHY);
  expect(next.stdout).toContain('待另一人批准');
  const number = /\[(\d+)\]/.exec(next.stdout)?.[1] ?? '';
  const alone = await actor('approve', number, ...WHY);
  expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('提出人不能自行批准')]);
  const listed = await actor('list');
  expect(listed.stdout).toMatch(
    new RegExp(
      `^li\\t李\\tanalyst 监督分析员\\tcounty\\t…2027-06-30\\t待批 waiting: ${number}$`,
      'm',
    ),
  );
  expect((await actor('disable', 'li', ...WHY)).stdout).toContain('已停用');
  const history = await actor('history', 'li');
  const kinds = history.stdout.split('\n').map((line) => line.split('\t').slice(2, 4).join(' '));
  expect(kinds).toEqual([
    'console:wang entered',
    'console:wang granted',
    'console:wang proposed',
    'console:wang disabled',
    '',
  ]);
  expect(history.stdout).toContain('到岗');
});

test('a change without a reason, a name or an account is refused, and says what is missing', async () => {
  const add = ['add', 'chen', '--name', '陈'];
  const silent = await actor(...add);
  expect([silent.code, silent.stderr]).toEqual([2, expect.stringContaining('--reason')]);
  expect((await actor('add', 'chen', ...WHY)).stderr).toContain('--name');
  expect((await actor('disable', ...WHY)).stderr).toContain('Name the account');
  expect((await actor('promote', 'chen', ...WHY)).code).toBe(2);
  const typo = await actor(...add, '--role', 'analist', ...WHY);
  expect([typo.code, typo.stderr]).toEqual([1, expect.stringContaining('analyst')]);
  expect((await actor()).stdout).toContain('hub actor add');
});
