/**
 * hub demo (npm start): the hub's whole job without any configuration. An invented county delivers
 * the way departments do; the hub pulls, links and correlates, raises warnings, and serves them. A
 * second start goes on where the first one was; Ctrl-C stops everything this one started.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { registerDemoActors } from '../api/index.ts';
import { type Config, loadConfig } from '../base/config.ts';
import { HubError } from '../base/errors.ts';
import { createLog } from '../base/log.ts';
import { logFile } from '../base/log-file.ts';
import { makePrivateFolder } from '../base/private-file.ts';
import { DEFAULT_OPTIONS } from '../demo/index.ts';
import { connect } from '../platform/database.ts';
import { openDatabase, urlOf } from './databases.ts';
import { makeCounty, readCounty, refuseOther } from './demo-county.ts';
import { printWelcome } from './demo-welcome.ts';
import { openExplorer } from './explorer.ts';
import { type Hub, openOn } from './hub.ts';
import { parse, wholeNumber } from './options.ts';
import { pullFeeds } from './pull-feeds.ts';
import { openJobs, startApiOf, startMonitor, startWorkers } from './serving.ts';
import { openSteps, type Steps } from './steps.ts';
import { Closing, listenForStop } from './stopping.ts';
import { describeNight, runNight, whenFree } from './work.ts';

const BY = 'demo';

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parse(args, { officials: { type: 'string' }, seed: { type: 'string' } });
  const asked = {
    ...(values.officials ? { officials: wholeNumber('officials', values.officials, 0) } : {}),
    ...(values.seed ? { seed: wholeNumber('seed', values.seed, 0) } : {}),
  };
  const config = loadConfig();
  if (config.isProduction) {
    throw new HubError('config.invalid', { reason: 'DATABASE_URL: the demo needs HUB_DEMO=on' });
  }
  const closing = new Closing();
  const { signal, told } = listenForStop();
  const steps = openSteps();
  try {
    // Told to stop, it does not wait for what is under way: closing rolls that back.
    await Promise.race([start({ config, asked, closing, signal, steps }), told]);
    await told;
  } catch (error) {
    // Told to stop in the middle: what failed because of it is not a failure.
    if (!signal.aborted) throw error;
  } finally {
    if (signal.aborted) steps.say('\n正在停止 Stopping…');
    await closing.close();
  }
  return 0;
}

type Start = {
  config: Config;
  asked: { officials?: number; seed?: number };
  closing: Closing;
  signal: AbortSignal;
  steps: Steps;
};

async function start({ config, asked, closing, signal, steps }: Start): Promise<void> {
  makePrivateFolder(config.dataFolder);
  // The terminal shows the steps; the events go to a file beside the data.
  const log = createLog(logFile(join(config.dataFolder, 'hub.log')));
  const options = { config, log, closing, signal };
  const urls = await steps.run('启动数据库', 'start the database', async () => {
    return { value: await openDatabase(options, ['worker', 'api']) };
  });
  const explorer = config.hasExplorer ? openExplorer(config, closing, log) : undefined;
  const present = readCounty(config);
  if (present) refuseOther(present, asked);
  if (!present) {
    const county = { ...DEFAULT_OPTIONS, ...asked };
    await steps.run('各部门交付数据', 'the departments of 临江县 deliver', async (report) => {
      const value = await makeCounty(config, urlOf(urls, 'owner'), county, report);
      return { value, note: `${value.officials} 人 officials, ${value.rows} 行 rows` };
    });
  }
  stopIfTold(signal);
  const hub = await steps.run('读取数据源与规则', 'feeds and rules', async () => {
    const value = await openOn(urls, options);
    await enterDemoActors(value);
    const [found] = await value.sql`select count(*)::int as rules from hub.rule`;
    return { value, note: `${value.connectors.size} 源 feeds, ${found?.rules} 规则 rules` };
  });
  await pullFeeds(hub, steps, { signal, requestedBy: BY });
  await correlateOnce(hub, steps, signal);
  const context = await openJobs(hub);
  const port = await steps.run('启动接口', 'the API', async () => {
    const explorerFolder = await explorer;
    const mayMove = process.env.PORT === undefined;
    const value = await startApiOf(hub, context, { explorerFolder, mayMove });
    await startWorkers(hub, context);
    await startMonitor(hub, context, 'worker');
    const moved = value !== config.port && config.port !== 0;
    return { value, note: moved ? `端口 ${config.port} 被占用 is in use → ${value}` : `${value}` };
  });
  await printWelcome(hub, steps, { port, hasExplorer: (await explorer) !== undefined });
}

/** Accounts are changed by the API's role alone. */
async function enterDemoActors({ urls, clock }: Hub): Promise<void> {
  const sql = connect(urlOf(urls, 'api'), { role: 'api', max: 1 });
  try {
    await registerDemoActors(sql, clock);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function stopIfTold(signal: AbortSignal) {
  if (signal.aborted) throw new HubError('run.stopped', { name: BY });
}

/** The first night; later starts find it done and leave what is new to the nightly run. */
async function correlateOnce(hub: Hub, steps: Steps, signal: AbortSignal): Promise<void> {
  const asOf = hub.clock.today();
  const [done] = await hub.sql`select 1 from hub.night where state = 'done' and as_of >= ${asOf}
    and last_change_no >= (select coalesce(max(change_no), 0) from hub.changed_subject)`;
  if (done) return;
  stopIfTold(signal);
  await steps.run('规则碰撞', `correlate as of ${asOf}`, async (report) => {
    const request = { nightId: randomUUID(), asOf, mode: 'auto', requestedBy: BY } as const;
    const outcome = await whenFree(
      signal,
      () => runNight(hub, request, { signal, progress: report }),
      steps.say,
    );
    return { value: outcome, note: describeNight(outcome) };
  });
}
