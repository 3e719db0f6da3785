/**
 * The signed interface of the departments that have one: lists its deliveries and serves pages of them to
 * whoever signs with the agreed secret within five minutes of this clock; everyone else gets 401.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../base/clock.ts';
import { DEMO_REQUESTER, DEMO_SECRET } from '../feeds.ts';
import type { Department } from './department.ts';
import { pageName, STORED_PAGE } from './page-outlet.ts';

const SKEW_MS = 5 * 60_000;
const MOST_PER_PAGE = 10_000;

type StoredDelivery = { asOf: string; sequence: number; total: number; sha256: string };
type Reply = { status: number; body: unknown };

export type Departments = { baseUrl: string; close(): Promise<void> };

/** Serves the county in `folder` on this machine only. */
export async function startDepartments(
  folder: string,
  departments: readonly Department[],
  { clock = systemClock, port = 0 }: { clock?: Clock; port?: number } = {},
): Promise<Departments> {
  const resources = new Map(
    departments
      .filter(({ way }) => way.kind === 'interface')
      .flatMap(({ feed, sheets }) => sheets.map(({ name }) => [name, join(folder, 'api', feed)])),
  );
  const server = createServer((request, response) => {
    const { status, body } = reply(resources, request, clock);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return {
    baseUrl: `http://127.0.0.1:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Resource → folder of its deliveries. */
type Resources = ReadonlyMap<string, string>;

function reply(resources: Resources, request: IncomingMessage, clock: Clock): Reply {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname.replace(/^\/+/, '');
  const resource = path.replace(/\/deliveries$/, '');
  if (!isSigned(request, resource, clock)) {
    return { status: 401, body: { code: '401', msg: '签名无效' } };
  }
  const folder = resources.get(resource);
  if (folder === undefined) return { status: 404, body: { code: '404', msg: '没有此接口' } };
  const deliveries = listDeliveries(folder);
  if (path !== resource) {
    const after = url.searchParams.get('after') ?? '';
    return ok(deliveries.filter(({ asOf }) => asOf > after));
  }
  const asOf = url.searchParams.get('asOf');
  const sequence = Number(url.searchParams.get('sequence') ?? '1');
  const page = Number(url.searchParams.get('page') ?? '1');
  const size = Number(url.searchParams.get('size') ?? STORED_PAGE);
  const found = deliveries.find((it) => it.asOf === asOf && it.sequence === sequence);
  const isSane = [page, size].every((n) => Number.isInteger(n) && n > 0) && size <= MOST_PER_PAGE;
  if (!found || !isSane) return { status: 400, body: { code: '400', msg: '参数有误' } };
  const rows = rowsOf(join(folder, `${asOf}_${sequence}`), (page - 1) * size, size);
  return ok({ asOf, sequence, total: found.total, page, rows });
}

const ok = (data: unknown): Reply => ({ status: 200, body: { code: '0', msg: 'success', data } });

function isSigned({ headers }: IncomingMessage, resource: string, clock: Clock): boolean {
  const [rid, sid, time, sign] = ['rid', 'sid', 'rtime', 'sign'].map((name) =>
    String(headers[`gjgxjhpt_${name}`] ?? ''),
  );
  if (rid !== DEMO_REQUESTER || sid !== resource || !sign || !time) return false;
  if (!(Math.abs(clock.now().getTime() - Number(time)) <= SKEW_MS)) return false;
  const expected = createHmac('sha256', DEMO_SECRET)
    .update(sid + rid + time)
    .digest();
  const given = Buffer.from(sign, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function listDeliveries(folder: string): StoredDelivery[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name, 'delivery.json'), 'utf8')));
}

/** Rows `from` … `from + size`, cut from the stored pages that hold them. */
function rowsOf(folder: string, from: number, size: number): unknown[] {
  const rows: unknown[] = [];
  const first = Math.floor(from / STORED_PAGE);
  for (let number = first; number * STORED_PAGE < from + size; number += 1) {
    const path = join(folder, pageName(number + 1));
    if (!existsSync(path)) break;
    const stored: unknown[] = JSON.parse(readFileSync(path, 'utf8'));
    const offset = number * STORED_PAGE;
    rows.push(...stored.slice(Math.max(0, from - offset), from + size - offset));
  }
  return rows;
}
