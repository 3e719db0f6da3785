/**
 * Pulls from a sharing platform's signed, paged interface. A delivery is read whole into a spool and
 * held against the list (count of rows, digest over all rows) before anyone sees a row of it: a page
 * missing, sent twice or changed meanwhile costs one second reading, then the run fails.
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { HubError } from '../base/errors.ts';
import type { HttpSource } from '../base/feed-settings.ts';
import { calendarDate } from '../base/settings.ts';
import { fetchBody } from '../platform/fetch.ts';
import {
  byPlace,
  type Delivery,
  type Feed,
  type PullContext,
  refusedDelivery,
} from './delivery.ts';
import { rowShape } from './object-rows.ts';
import { type NamedSheet, namedSheets } from './sheet-names.ts';
import { openSpool, type Spool } from './spool.ts';

const READINGS = 2;
/** Everything is listed each time: a cursor on the source's clock could skip what came late. */
const FROM_THE_START = '1900-01-01';

const envelope = z.looseObject({ code: z.union([z.string(), z.int()]), data: z.unknown() });
const place = { asOf: calendarDate, sequence: z.int().positive().default(1) };
const entry = z.looseObject({
  ...place,
  total: z.int().nonnegative(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .toLowerCase(),
});
const page = z.looseObject({
  ...place,
  total: z.int().nonnegative(),
  page: z.int().positive(),
  rows: z.array(z.unknown()),
});
type Entry = z.infer<typeof entry>;

type Call = { feed: Feed; source: HttpSource; context: PullContext };
/** A resource of the platform, which holds the rows of one sheet. */
type Resource = NamedSheet & { path: string };

/** The platform's four headers; the signature covers service, requester and time. */
function signature({ source, context }: Call, { path }: Resource): Record<string, string> {
  const service = source.service ?? path;
  const time = String(context.clock.now().getTime());
  const sign = createHmac('sha256', source.secret.reveal())
    .update(service + source.requester + time)
    .digest('base64');
  return {
    gjgxjhpt_rid: source.requester,
    gjgxjhpt_sid: service,
    gjgxjhpt_rtime: time,
    gjgxjhpt_sign: sign,
  };
}

async function ask<T extends z.ZodType>(
  call: Call,
  {
    resource,
    list = false,
    query,
    shape,
  }: { resource: Resource; list?: boolean; query: object; shape: T },
): Promise<z.output<T>> {
  const { feed, source, context } = call;
  const body = await fetchBody(
    {
      feed: feed.id,
      url: `${source.baseUrl}/${resource.path}${list ? '/deliveries' : ''}?${new URLSearchParams(Object.entries(query))}`,
      rules: {
        origin: new URL(source.baseUrl).origin,
        network: source.network,
        allowsHttp: source.allowsHttp,
      },
      headers: () => signature(call, resource),
    },
    context,
  );
  const answer = envelope.safeParse(parseJson(feed.id, body.toString('utf8')));
  if (!answer.success)
    throw new HubError('source.unreadable', { feed: feed.id, reason: 'envelope' });
  const code = String(answer.data.code);
  if (code !== '0') {
    const status = /^[\w-]{1,20}$/.test(code) ? code : 'code';
    throw new HubError('source.refused', {
      feed: feed.id,
      status,
      setting: `feeds.${feed.id}.requester`,
    });
  }
  const data = shape.safeParse(answer.data.data);
  if (data.success) return data.data;
  throw new HubError('source.unreadable', {
    feed: feed.id,
    reason: `shape of ${list ? 'the list' : 'a page'}`,
  });
}

function parseJson(feed: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A body that ends before its closing brace was cut where no length could tell.
    if (!text.trimEnd().endsWith('}')) throw new HubError('source.truncated', { feed });
    throw new HubError('source.unreadable', { feed, reason: 'not JSON' });
  }
}

/** Reads all pages into the spool; false when they are not what the list declares. */
async function readPages(call: Call, resource: Resource, wanted: Entry, spool: Spool) {
  const { pageSize: size } = call.source;
  const { asOf, sequence, total } = wanted;
  const shape = rowShape();
  const pages = Math.ceil(total / size);
  for (let number = 1; number <= pages; number += 1) {
    const query = { asOf, sequence, page: number, size };
    const got = await ask(call, { resource, query, shape: page });
    const isSame = got.asOf === asOf && got.sequence === sequence && got.total === total;
    const expected = Math.min(size, total - (number - 1) * size);
    if (!isSame || got.page !== number || got.rows.length !== expected) return undefined;
    for (const row of got.rows) {
      shape.add(row);
      await spool.write(JSON.stringify(row));
    }
  }
  const sealed = await spool.seal();
  return sealed.digest === wanted.sha256 ? { shape, bytes: sealed.bytes } : undefined;
}

async function readDelivery(call: Call, resource: Resource, wanted: Entry) {
  const { feed, source, context } = call;
  for (let reading = 1; reading <= READINGS; reading += 1) {
    const spool = await openSpool(feed.id, source.maxBytes, context.spoolFolder);
    try {
      const read = await readPages(call, resource, wanted, spool);
      if (read) return { ...read, spool };
    } catch (error) {
      await spool.close();
      throw error;
    }
    await spool.close();
    context.log.warn('source.pages-disagree', { feed: feed.id, asOf: wanted.asOf, reading });
  }
  throw new HubError('source.truncated', { feed: feed.id });
}

type Listed = { resource: Resource; wanted: Entry };

/** Everything the platform has for the feed, oldest first; of one date and number in sheet order. */
async function listDeliveries(call: Call): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const { sheet, name } of namedSheets(call.feed, call.source.resources)) {
    const path = name.split('/').map(encodeURIComponent).join('/');
    const resource = { sheet, name, path };
    const query = { after: FROM_THE_START };
    const entries = await ask(call, { resource, list: true, query, shape: z.array(entry) });
    listed.push(...entries.map((wanted) => ({ resource, wanted })));
  }
  return listed.sort((a, b) => byPlace(a.wanted, b.wanted));
}

/** The deliveries this hub does not have yet, oldest first. */
export async function* pullSignedHttp(
  feed: Feed,
  source: HttpSource,
  context: PullContext,
): AsyncGenerator<Delivery> {
  const call = { feed, source, context };
  for (const { resource, wanted } of await listDeliveries(call)) {
    const { asOf, sequence, sha256: digest } = wanted;
    const place = { name: `${resource.name}_${asOf}_${sequence}`, asOf, sequence };
    if (await context.known({ ...place, digest })) continue;
    let read: Awaited<ReturnType<typeof readDelivery>>;
    try {
      read = await readDelivery(call, resource, wanted);
    } catch (error) {
      yield refusedDelivery(place, error);
      continue;
    }
    const { spool, shape, bytes } = read;
    const rows = async function* () {
      for await (const line of spool.lines()) yield shape.row(resource.sheet, JSON.parse(line));
    };
    try {
      yield { ...place, digest, bytes, sheets: { [Symbol.asyncIterator]: rows } };
    } finally {
      await spool.close();
    }
  }
}
