/** npm start on a machine that has nothing: one county, started, stopped, killed and started again. */
import { globSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataFolder, type HubProcess, hub, processesIn, startHub } from '../harness/hub-process.ts';

/** However many there are: each is pulled again and has nothing new. */
const FEEDS = globSync('connectors/*/feed.yml');
const READY = /Ready: (http:\S+)\/graphql/;
const EVIDENCE = `{ warnings(first: 5) { nodes {
  questionZh ruleCode evidence(first: 5) { nodes { labelZh valueZh delivered { payloadName row cells(first: 40) { column } } } }
} } }`;

type Evidence = { delivered: { payloadName: string; row: number; cells: unknown[] } };
type Warning = { questionZh: string; evidence: { nodes: Evidence[] } };
type Answer = {
  errors?: unknown;
  data: {
    warnings: { nodes: Warning[] };
    cadre: { declarations: { nodes: unknown[] }; warnings: { nodes: Warning[] } };
  };
};

describe('hub demo', () => {
  const folder = dataFolder();
  const settings = { HUB_DATA: folder, PORT: '0', HUB_EXPLORER: 'off' };
  const start = () => startHub(['demo', '--officials', '200'], settings);
  const alive = () => processesIn(folder);
  let first: HubProcess;

  beforeAll(async () => {
    first = start();
    await first.says('Ctrl-C', 110);
  });

  const ask = async (process: HubProcess, query: string) => {
    const address = READY.exec(process.output())?.[1];
    const token = /^\s+analyst .*\n\s+(\S+)/m.exec(process.output())?.[1];
    const answer = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    return (await answer.json()) as Answer;
  };

  test('reaches warnings whose evidence leads to delivered rows, with the token it printed', async () => {
    const { data, errors } = await ask(first, EVIDENCE);
    expect(errors).toBeUndefined();
    expect(data.warnings.nodes.length).toBeGreaterThan(0);
    for (const { questionZh, evidence } of data.warnings.nodes) {
      expect(questionZh).not.toBe('');
      expect(evidence.nodes.length).toBeGreaterThan(0);
      for (const { delivered } of evidence.nodes) {
        expect(delivered.payloadName).not.toBe('');
        expect(delivered.row).toBeGreaterThan(0);
        expect(delivered.cells.length).toBeGreaterThan(0);
      }
    }
  });

  test('the query it prints to try answers', async () => {
    const [, query = ''] = /-d '(\{.*\})'/.exec(first.output()) ?? [];
    const { data, errors } = await ask(first, JSON.parse(query).query);
    expect(errors).toBeUndefined();
    expect(data.cadre.declarations.nodes.length).toBeGreaterThan(0);
    expect(data.cadre.warnings.nodes[0]?.evidence.nodes[0]?.delivered.cells.length).toBeGreaterThan(
      0,
    );
  });

  test('another command works beside it and leaves its server running', async () => {
    const beside = await hub(['sync', 'income'], settings);
    expect(beside.stdout).toContain('nothing new');
    expect(beside.code).toBe(0);
    expect((await ask(first, '{ me { __typename } }')).errors).toBeUndefined();
  });

  test('a port that was asked for and is taken is a clear error', async () => {
    const port = new URL(READY.exec(first.output())?.[1] ?? '').port;
    const { code, stderr } = await hub(['demo'], { ...settings, PORT: port });
    expect(stderr).toContain(`PORT: ${port} is in use`);
    expect(code).toBe(1);
  });

  test('A10 SIGTERM: exit code 0, and nothing it started is left', async () => {
    expect(alive().length).toBeGreaterThan(0);
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
    await expect.poll(alive, { timeout: 60_000 }).toEqual([]);
  });

  test('a second start goes on where the first one was; kill -9 and a third start too', async () => {
    for (const end of ['SIGKILL', 'SIGINT'] as const) {
      const next = start();
      await next.says('Ctrl-C', 60);
      expect(next.output()).not.toContain('deliver ');
      expect(next.output()).not.toContain('correlate as of');
      expect(next.output().match(/nothing new/g)).toHaveLength(FEEDS.length);
      expect((await ask(next, EVIDENCE)).data.warnings.nodes.length).toBeGreaterThan(0);
      next.child.kill(end);
      const { code } = await next.ended;
      expect(code).toBe(end === 'SIGINT' ? 0 : null);
    }
    await expect.poll(alive, { timeout: 60_000 }).toEqual([]);
  });

  test('a county of another size is not laid over the one that is there', async () => {
    const { code, stderr } = await hub(['demo', '--officials', '300'], settings);
    expect(stderr).toContain('the data folder holds a county of 200 officials');
    expect(code).toBe(1);
  });
});

test('A1 killed while its database starts, and again while the county delivers, it still gets ready', async () => {
  const folder = dataFolder();
  const settings = { HUB_DATA: folder, PORT: '0', HUB_EXPLORER: 'off' };
  const start = () => startHub(['demo', '--officials', '40'], settings);
  const first = start();
  await expect.poll(() => processesIn(folder).length, { timeout: 60_000 }).toBeGreaterThan(0);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = start();
  // A step is announced when it is done: this falls into the next one.
  await second.says('start the database');
  second.child.kill('SIGKILL');
  await second.ended;
  const third = start();
  await third.says('Ctrl-C', 110);
  third.child.kill('SIGTERM');
  expect((await third.ended).code).toBe(0);
  await expect.poll(() => processesIn(folder), { timeout: 60_000 }).toEqual([]);
});

test('Ctrl-C in the middle of the start leaves nothing behind', async () => {
  const folder = dataFolder();
  const settings = { HUB_DATA: folder, PORT: '0', HUB_EXPLORER: 'off' };
  const early = startHub(['demo', '--officials', '40'], settings);
  await expect.poll(() => processesIn(folder).length, { timeout: 60_000 }).toBeGreaterThan(0);
  early.child.kill('SIGINT');
  expect((await early.ended).code).toBe(0);
  await expect.poll(() => processesIn(folder), { timeout: 60_000 }).toEqual([]);
});
