/** API and worker as processes of their own, each with its monitor; what the API counts of its requests. */
import { expect, test } from 'vitest';
import { ownMetrics } from '../../src/platform/metrics.ts';
import { apiUnderTest } from '../api/api-under-test.ts';
import { testDatabase } from '../harness/database.ts';
import { dataFolder, type HubProcess, startHub } from '../harness/hub-process.ts';
import { until } from '../harness/until.ts';

const api = apiUnderTest();
const database = testDatabase();

test('L4 requests by route, refusals by code and entries of the access log are counted', async () => {
  const { post, fetch } = await api.get();
  ownMetrics.resetMetrics();
  await post('{ planned }');
  await post('{ refused }');
  await post('{ nowhere110101199003071233 }');
  await fetch('/110101199003071233', { method: 'DELETE' });
  const text = await ownMetrics.metrics();
  expect(text).toContain('hub_refusals_total{code="object.not-found"} 2');
  expect(text).toContain('hub_refusals_total{code="request.invalid"} 1');
  expect(text).toContain('hub_access_log_entries_total{outcome="written"} 3');
  expect(text).toMatch(
    /hub_http_request_seconds_count\{route="\/graphql",method="POST",status="200"\} 2/,
  );
  expect(text).toContain(
    'hub_http_request_seconds_count{route="none",method="other",status="404"} 1',
  );
  expect(text).toContain('hub_read_lanes{state="open"} 2');
  expect(text).not.toContain('110101');
});

const portIn = async (hub: HubProcess, event: string) => {
  let log = '';
  hub.child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk;
  });
  let port = 0;
  await until(async () => {
    const line = log.split('\n').find((it) => it.includes(`"${event}"`));
    port = line ? JSON.parse(line).port : 0;
    return port > 0;
  });
  return port;
};

test('L4 a worker and an API each answer for themselves, and end when told', async () => {
  const { url } = await database.get();
  const settings = {
    ...{ DATABASE_URL: url.reveal(), HUB_DEMO: 'on', HUB_DATA: dataFolder(), PORT: '0' },
    ...{ HUB_MONITOR_PORT: '0', HUB_EXPLORER: 'off' },
  };
  const worker = startHub(['worker'], settings);
  const workerPort = await portIn(worker, 'monitor.listening');
  const front = startHub(['api'], settings);
  const frontPort = await portIn(front, 'monitor.listening');
  const get = async (port: number, path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  for (const port of [workerPort, frontPort]) {
    expect(await get(port, '/health/live')).toMatchObject({ status: 200 });
    expect(await get(port, '/health/ready')).toMatchObject({ status: 200 });
    expect((await get(port, '/metrics')).text).toContain('process_cpu_seconds_total');
  }
  const { text } = await get(workerPort, '/metrics');
  expect(text).toContain('hub_queue_jobs{queue="nightly",state="waiting"} 0');
  expect(text).toContain('hub_feed_stale_after_days{feed="roster"} 45');
  // The API's role sees nothing of what the hub has stored.
  expect((await get(frontPort, '/metrics')).text).not.toContain('hub_feed_stale_after_days');
  worker.child.kill('SIGTERM');
  front.child.kill('SIGTERM');
  expect([(await worker.ended).code, (await front.ended).code]).toEqual([0, 0]);
});
