/** Sends the same kind of request over 32 connections from a process of its own and counts answers. */
import autocannon from 'autocannon';

export type Load = {
  url: string;
  token: string;
  /** Request bodies, sent in turn. */
  bodies: string[];
  seconds: number;
  connections: number;
};

export type LoadResult = { perSecond: number; p50: number; p95: number; failed: number };

export async function load({
  url,
  token,
  bodies,
  seconds,
  connections,
}: Load): Promise<LoadResult> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: bodies.map((body) => ({ method: 'POST' as const, headers, body })),
  });
  return {
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p95: result.latency.p97_5,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}
