/** Traces say what was done and how long it took, and nothing of anybody; switched off they are nothing. */
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { afterEach, expect, test } from 'vitest';
import { type SyncContext, syncFeed } from '../../src/pipeline/index.ts';
import { isTracing, traced, traceTo } from '../../src/platform/trace.ts';
import { apiUnderTest } from '../api/api-under-test.ts';
import { CANARY } from '../api/stand-in-schema.ts';
import { createTestDatabase } from '../harness/database.ts';
import { deliveries } from '../harness/deliver.ts';
import { littleHub } from '../harness/little-hub.ts';
import { home, LI, official, unit } from '../harness/little-packages.ts';
import { nightWorld } from '../rules/night-world.ts';

const api = apiUnderTest();
let ctx: SyncContext;
littleHub((hub) => {
  ({ ctx } = hub);
});
let end: (() => Promise<void>) | undefined;
afterEach(async () => end?.());

/** Spans that were made while `work` ran. */
async function spansOf(work: () => Promise<unknown>): Promise<ReadableSpan[]> {
  const spans: ReadableSpan[] = [];
  const exporter: SpanExporter = {
    export(batch, done) {
      spans.push(...batch);
      done({ code: 0 });
    },
    shutdown: async () => undefined,
  };
  end = await traceTo(exporter);
  await work();
  await end();
  return spans;
}

/** All a span carries to a collector. */
const textOf = (spans: readonly ReadableSpan[]) =>
  JSON.stringify(
    spans.map(({ name, attributes, events, status, resource }) => [
      ...[name, attributes, events, status, resource.attributes],
    ]),
  );
const parentsOf = (spans: readonly ReadableSpan[]) =>
  spans.map(({ name, parentSpanContext }) => {
    const parent = spans.find((it) => it.spanContext().spanId === parentSpanContext?.spanId);
    return `${parent ? `${parent.name} > ` : ''}${name}`;
  });

test('L1 a request and its statements, without operation name, literal, variable or error text', async () => {
  const { post } = await api.get();
  const spans = await spansOf(async () => {
    await post(`query Look${CANARY} { alias${CANARY}: planned }`);
    await post('query Q($id: ID) { dossier(id: $id) { name } }', { variables: { id: CANARY } });
    await post(`{ dossier(id: "Cadre:${CANARY}") { broken } }`);
    await post('{ constraint }');
    await post(`{ nowhere${CANARY} }`);
  });
  const names = parentsOf(spans);
  expect(names.filter((name) => name === 'request')).toHaveLength(5);
  expect(names.filter((name) => name === 'request > statement')).toHaveLength(3);
  expect(spans.find(({ name }) => name === 'request')?.attributes).toEqual({
    ...{ 'http.route': '/graphql', 'http.request.method': 'POST' },
    ...{ 'graphql.operation.type': 'query', 'hub.fields': 'planned' },
    'http.response.status_code': 200,
  });
  const text = textOf(spans);
  for (const hidden of [CANARY, 'select', 'analyst', 'alias', 'Look'])
    expect(text).not.toContain(hidden);
});

test('L1 a sync and its stages, without a name or number of anybody', async () => {
  const packages = [
    {
      feed: 'roster',
      asOf: '2026-01-05',
      sheets: { units: [unit('U1', '财政局')], officials: [official(LI, '李明')] },
    },
    {
      feed: 'homes',
      asOf: '2026-01-10',
      sheets: { homes: [home('H1', LI), home('H2', LI, { 面积: '很大' })] },
    },
  ];
  const spans = await spansOf(async () => {
    for (const each of packages) await syncFeed(ctx, each.feed, deliveries([each]), 'test');
  });
  const stages = ['land', 'normalise', 'resolve', 'link'].map((stage) => `sync > stage.${stage}`);
  expect(parentsOf(spans)).toEqual([...stages, 'sync', ...stages, 'sync']);
  expect(spans[0]?.attributes).toEqual({ feed: 'roster' });
  for (const hidden of [LI, '李明', '王芳', '很大', '财政局', 'U1', 'H1'])
    expect(textOf(spans)).not.toContain(hidden);
});

test('L1 a night and its parts, without the persons they begin and end with', async () => {
  const database = await createTestDatabase();
  try {
    const world = await nightWorld(database.as('worker'));
    const { personId } = await world.person('home', [{ property: { registeredOn: '2018-03-01' } }]);
    const spans = await spansOf(() => world.night('2026-01-25'));
    const names = new Set(parentsOf(spans));
    expect([...names].sort()).toEqual([
      'night',
      'night > night.commit',
      'night > night.part',
      'night > night.prepare',
    ]);
    expect(textOf(spans)).not.toContain(personId);
    expect(textOf(spans)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  } finally {
    await database.drop();
  }
});

test('L1 work that fails leaves the code of its error, and none of its words', async () => {
  const failing = async () => {
    throw new Error(`invalid input syntax for type uuid: "${CANARY}"`);
  };
  const spans = await spansOf(() => expect(traced('sync', {}, failing)).rejects.toThrow(CANARY));
  expect(spans.map(({ attributes }) => attributes)).toEqual([{ 'hub.error': 'internal' }]);
  expect(textOf(spans)).not.toContain(CANARY);
});

test('L1 switched off, the work itself is what runs, and no span is made', async () => {
  expect(isTracing()).toBe(false);
  const work = Promise.resolve(7);
  expect(traced('sync', {}, () => work)).toBe(work);
});
