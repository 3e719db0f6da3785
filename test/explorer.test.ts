import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DocumentNode, Kind, parse, validate } from 'graphql';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { schema } from '../schema/index.ts';
import type { ApiActions } from '../src/act/api-actions.ts';
import { buildExplorer } from '../src/api/explorer/build.ts';
import { personKey } from '../src/base/person-key.ts';
import { type Api, apiUnderTest, entriesOf } from './api/api-under-test.ts';
import { browserPath, openBrowser } from './harness/browser.ts';
import { idNumberOf, seedCounty } from './read/seed-county.ts';

const FOLDER = new URL('../src/api/explorer/examples/', import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.graphql'));
const textOf = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');
const actorOf = (name: string) => (textOf(name).includes('数据运维员') ? 'operator' : 'analyst');
const operationsOf = (document: DocumentNode, kind: 'query' | 'mutation') =>
  document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION && node.operation === kind
      ? [node.name?.value ?? '']
      : [],
  );

const built = mkdtempSync(join(tmpdir(), 'hub-explorer-'));
const explorerFolder = await buildExplorer(built);
afterAll(() => rmSync(built, { recursive: true, force: true }));

/** Runs as the queue leaves them before a worker takes them up. */
const actions: ApiActions = {
  async startSync(feedId, requestedBy) {
    const { database } = await api.get();
    const syncRunId = randomUUID();
    await database.as('worker', 1)`
      insert into hub.sync_run (sync_run_id, feed_id, state, requested_by, started_at)
      values (${syncRunId}, ${feedId}, 'queued', ${requestedBy}, now())`;
    return { syncRunId };
  },
  startCorrelation: async () => ({ nightId: randomUUID() }),
};
const api = apiUnderTest({ realSchema: schema, explorerFolder, actions });
let seeded: Promise<void> | undefined;

/** The real schema over a little county. */
async function county(): Promise<Api> {
  const opened = await api.get();
  seeded ??= seedCounty({
    sql: opened.database.as('worker', 1),
    api: opened.database.as('api', 1),
    officials: 30,
    city: 5,
  });
  await seeded;
  return opened;
}

const run = async (name: string, operationName: string, more: { actor?: string; id?: unknown }) => {
  const { fetch, token } = await county();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await token(more.actor ?? actorOf(name))}`,
    },
    body: JSON.stringify({ query: textOf(name), operationName, variables: { id: more.id } }),
  });
  return JSON.parse(await response.text());
};

test.each(names)('the example %s fits the schema and begins with its Chinese title', (name) => {
  expect(validate(schema, parse(textOf(name)))).toEqual([]);
  expect(textOf(name)).toMatch(/^# [\u4e00-\u9fff]/);
});

test.each(
  names.flatMap((name) => operationsOf(parse(textOf(name)), 'query').map((each) => [name, each])),
)('F1 the example %s answers and leaves one entry: %s', async (name, operation) => {
  const { database } = await county();
  const before = (await entriesOf(database)).length;
  const { data, errors } = await run(name, operation, {});
  expect(errors).toBeUndefined();
  expect(JSON.stringify(data)).toContain('"');
  expect((await entriesOf(database)).slice(before)).toMatchObject([
    { actor_id: actorOf(name), outcome: 'ok', rows: expect.any(Number) },
  ]);
});

test('F1 looking for an official by identity number logs the person’s key, never the number', async () => {
  const { post, database, keys, log } = await county();
  const number = idNumberOf(7);
  await post('query Q($n: String) { cadre(idNumber: $n) { name } }', { variables: { n: number } });
  const entries = await entriesOf(database);
  expect(entries.at(-1)).toMatchObject({
    operation: 'Q(cadre)',
    // Nobody of this number is in the county: nothing was handed out.
    asked_for: personKey(keys.identity, 'resident-id', number),
  });
  expect(JSON.stringify([entries, log])).not.toContain(number);
});

test('the example of handling a warning takes one from new to concluded', async () => {
  const name = names.find((each) => each.includes('handle')) ?? '';
  const { data } = await run(name, 'ToHandle', {});
  const open = data.warnings.nodes.find(({ state }: { state: string }) => state === 'NEW');
  const id = open?.id;
  expect(id).toMatch(/^Warning:/);
  const steps = [
    ['Assign', 'analyst', 'ASSIGNED'],
    ['Note', 'analyst', 'ASSIGNED'],
    ['Propose', 'analyst', 'PROPOSED'],
    ['Return', 'city-analyst', 'ASSIGNED'],
    ['Propose', 'analyst', 'PROPOSED'],
    ['Confirm', 'city-analyst', 'CONCLUDED'],
  ] as const;
  for (const [operation, actor, state] of steps) {
    const answer = await run(name, operation, { actor, id });
    expect(answer.errors).toBeUndefined();
    expect(Object.values(answer.data)).toMatchObject([
      { outcome: 'DONE', userErrors: [], warning: { id, state } },
    ]);
  }
  const again = await run(name, 'Confirm', { actor: 'analyst', id });
  expect(Object.values(again.data)).toMatchObject([
    {
      outcome: 'REFUSED',
      userErrors: [{ code: 'WARNING_WRONG_STATE' }],
      warning: { state: 'CONCLUDED' },
    },
  ]);
});

test('the examples for operators start runs, and analysts may not', async () => {
  const started = await run('08-operate.graphql', 'SyncIncome', {});
  expect(started.data).toMatchObject({
    startSync: {
      ...{ outcome: 'DONE', userErrors: [] },
      ...{ runId: expect.stringMatching(/^SyncRun:/), run: { state: 'QUEUED' } },
    },
  });
  expect((await run('08-operate.graphql', 'CorrelateNow', {})).data).toMatchObject({
    startCorrelation: { nightId: expect.stringMatching(/^Night:/), night: null },
  });
  const refused = await run('08-operate.graphql', 'SyncIncome', { actor: 'analyst' });
  expect(refused.errors[0].extensions.hubCode).toBe('auth.forbidden');
});

test('the bare address leads to the explorer', async () => {
  const { fetch } = await county();
  const { status, headers } = await fetch('/', { redirect: 'manual' });
  expect([status, headers.get('location')]).toEqual([302, '/explorer/']);
});

test('I6 tokens of the demo go to the hub’s own page only', async () => {
  const { fetch } = await county();
  const ask = async (headers: Record<string, string>) =>
    (await fetch('/explorer/session', { headers })).status;
  expect(await ask({})).toBe(200);
  expect(await ask({ 'sec-fetch-site': 'same-origin' })).toBe(200);
  expect(await ask({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await ask({ 'sec-fetch-site': 'same-site' })).toBe(403);
});

if (!browserPath) {
  process.stderr.write(
    'No Chromium here (set CHROMIUM to its path): the explorer is not tried in a browser.\n',
  );
}

describe.runIf(browserPath)('in a browser', () => {
  async function withPage(work: (page: Page, hub: Api) => Promise<void>) {
    const hub = await county();
    const browser = await openBrowser(browserPath ?? '');
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      await work(page, hub);
    } finally {
      await browser.close();
    }
  }

  test('the explorer opens signed in, asks nothing of other hosts, and shows data', async () => {
    await withPage(async (page, { url }) => {
      const foreign: string[] = [];
      const faults: string[] = [];
      page.on('request', (request) => {
        const isOwn = request.url().startsWith(url) || /^(data|blob):/.test(request.url());
        if (!isOwn) foreign.push(request.url());
      });
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (line) => line.type() === 'error' && faults.push(line.text()));
      await page.goto(`${url}/explorer`);
      await page.waitForSelector('.graphiql-execute-button');
      expect(await page.locator('.graphiql-tab').count()).toBe(names.length);
      expect(await page.title()).toContain('数据浏览器');
      // On a busy machine the button is there before the editor holds the query.
      await page
        .locator('.graphiql-query-editor .view-line', { hasText: 'warningCounts' })
        .waitFor();
      await page.click('.graphiql-execute-button');
      await page.locator('.result-window', { hasText: 'warningCounts' }).waitFor();
      if (process.env.HUB_SCREENSHOT) await page.screenshot({ path: process.env.HUB_SCREENSHOT });
      expect(foreign).toEqual([]);
      expect(faults).toEqual([]);
    });
  });

  test('the role switch signs in as another actor', async () => {
    await withPage(async (page, { url, database }) => {
      await page.goto(`${url}/explorer`);
      await page.waitForSelector('.graphiql-execute-button');
      await page.selectOption('.hub-bar select', 'operator');
      await page.getByText('任务队列').waitFor();
      await page.click('.graphiql-execute-button');
      await page.locator('.result-window', { hasText: 'auth.forbidden' }).waitFor();
      const [entry] = await database.as('owner', 1)<{ actor_id: string; purpose: string }[]>`
        select actor_id, purpose from hub.access_log order by entry_no desc limit 1`;
      expect(entry).toEqual({ actor_id: 'operator', purpose: '数据浏览器：日常分析' });
    });
  });
});
