/** Sends requests over some connections and counts the answers and how long each took. */
import autocannon from 'autocannon';

export type Load = {
  url: string;
  /** Connections take these in turn: one for all, or one each. */
  tokens: readonly string[];
  /** Request bodies, dealt out to the connections, which send theirs in turn. */
  bodies: readonly string[];
  seconds: number;
  connections: number;
};

/** Percentiles in milliseconds. */
export type LoadResult = { perSecond: number; p50: number; p95: number; failed: number };

/** The smallest value that this share of them (0 to 1) does not exceed. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export async function load({
  url,
  tokens,
  bodies,
  seconds,
  connections,
}: Load): Promise<LoadResult> {
  let opened = 0;
  const setupClient = (client: autocannon.Client) => {
    const token = tokens[opened % tokens.length];
    const own = opened++;
    const headers = {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    };
    const dealt = bodies.filter((_, i) => bodies.length < connections || i % connections === own);
    client.setRequests(dealt.map((body) => ({ method: 'POST' as const, headers, body })));
  };
  // Its own percentiles jump from 90 to 97.5.
  const took: number[] = [];
  const result = await new Promise<autocannon.Result>((done, fail) => {
    const options = { url, connections, duration: seconds, setupClient };
    autocannon(options, (error, it) => (error ? fail(error) : done(it))).on(
      'response',
      (_client, _status, _bytes, milliseconds) => took.push(milliseconds),
    );
  });
  took.sort((a, b) => a - b);
  return {
    perSecond: result['2xx'] / result.duration,
    p50: percentile(took, 0.5),
    p95: percentile(took, 0.95),
    failed: result.non2xx + result.errors + result.timeouts,
  };
}
