/** hub sync --from: what somebody brings is used, or the command fails and says which name would do. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installationOn } from '../harness/configured-hub.ts';
import { testDatabase } from '../harness/database.ts';
import { type Ended, hub } from '../harness/hub-process.ts';

const database = testDatabase();
const CSV =
  '纳税人识别号,纳税人姓名,所得年度,所得项目,扣缴义务人,扣缴义务人识别号,收入额,减除费用,已缴税额,是否汇算,申报日期,税务机关\n';

async function installation() {
  const { as } = await database.get();
  const { folder, inbox, settings } = installationOn(await database.get());
  const sync = (...args: string[]): Promise<Ended> => hub(['sync', 'income', ...args], settings);
  const sql = as('worker', 1);
  const lastRun = async () =>
    (
      await sql`select state, error_code, files_passed_over as files, drift
      from hub.sync_run order by started_at desc limit 1`
    )[0];
  return { folder, inbox, sync, lastRun };
}

test('misnamed files are named and counted, and fail where nothing fits', async () => {
  const { folder, inbox, sync, lastRun } = await installation();
  const brought = join(folder, 'brought');
  mkdirSync(brought);
  writeFileSync(join(brought, '个人收入2026年6月.csv'), CSV);
  execFileSync('mkfifo', [join(brought, 'income_2026-06-30.csv')]);
  const byHand = await sync('--from', brought);
  expect(byHand.code).toBe(1);
  expect(byHand.stdout).toContain(
    '– 文件名不合约定 not an agreed file name: 个人收入2026年6月.csv',
  );
  expect(byHand.stdout).toContain('– 管道 a pipe: income_2026-06-30.csv');
  expect(byHand.stderr).toMatch(
    /2 个文件都不是 income 的交付；文件名应为 income_YYYY-MM-DD\[_n\]\.csv/,
  );
  expect(await lastRun()).toMatchObject({
    state: 'failed',
    error_code: 'source.nothing-fits',
    files: 2,
    drift: [
      '文件名不合约定 not an agreed file name: 个人收入2026年6月.csv',
      '管道 a pipe: income_2026-06-30.csv',
    ],
  });

  // In the configured folder a day without news is no failure, and what lies there is said all the same.
  writeFileSync(join(inbox, 'income.csv'), CSV);
  const configured = await sync();
  expect(configured.code).toBe(0);
  expect(configured.stdout).toMatch(/没有新交付 nothing new, 1 个文件未取 files passed over/);
  expect(configured.stdout).toContain('not an agreed file name: income.csv');
  expect(await lastRun()).toMatchObject({ state: 'done', files: 1 });
});

test('a wrong path, an empty folder, a pipe: each has its sentence', async () => {
  const { folder, sync } = await installation();
  const said = async (path: string) => {
    const { code, stderr } = await sync('--from', path);
    return `${code} ${stderr.split('\n').find((line) => !line.startsWith('{'))}`;
  };
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const pipe = join(folder, 'income_2026-06-30.csv');
  execFileSync('mkfifo', [pipe]);
  expect(await said(join(folder, 'nowhere'))).toMatch(/^2 --from 不存在/);
  expect(await said(empty)).toBe('1 为 income 指定的文件夹是空的。');
  expect(await said(pipe)).toMatch(/^1 income 的交付是管道，不是普通文件，未打开/);
  expect(await said(`${pipe}/x`)).toMatch(/^2 --from 不存在/);
});
