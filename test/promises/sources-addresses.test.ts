import type { LookupAddress } from 'node:dns';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { type AddressRules, allowedUrl, mayConnect } from '../../src/platform/address-rules.ts';
import { fetchBody } from '../../src/platform/fetch.ts';
import { startLyingSource } from '../harness/feed-server.ts';

const source = await startLyingSource();
afterAll(() => source.close());

const INTRANET: AddressRules = {
  origin: 'https://share.example',
  network: 'intranet',
  allowsHttp: false,
};
const PUBLIC: AddressRules = { ...INTRANET, network: 'public' };
const rulesFor = (url: string, change: Partial<AddressRules> = {}): AddressRules => ({
  ...INTRANET,
  origin: URL.canParse(url) ? new URL(url).origin : url,
  ...change,
});

/** Forbidden even where an administrator wrote this very address into the feeds file. */
const NEVER_URLS = [
  'http://169.254.169.254/latest/meta-data',
  'https://169.254.169.254/',
  'https://0xa9fea9fe/',
  'https://2852039166/',
  'https://0251.0376.0251.0376/',
  'https://169.254.43518/',
  'https://[::ffff:169.254.169.254]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[0:0:0:0:0:ffff:a9fe:a9fe]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[2002:a9fe:a9fe::]/',
  'https://[::a9fe:a9fe]/',
  'https://[::ffff:0:a9fe:a9fe]/',
  'https://[fd00:ec2::254]/',
  'https://100.100.100.200/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[::]/',
  'https://0.0.0.0/',
  'https://0/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://240.0.0.1/',
  'https://192.0.0.192/',
  'https://198.18.0.1/',
  'https://[2001:db8::1]/',
  'https://[2001:0:4136:e378::1]/',
  'file:///etc/passwd',
  'gopher://share.example/_x',
  'ftp://share.example/x',
  'data:text/plain,x',
  'javascript:alert(1)',
  'unix:/var/run/docker.sock',
  'ws://share.example/',
  '//share.example/x',
  '/relative',
  'http://',
  'https://user@share.example/',
  'https://user:password@share.example/',
  'https://:password@share.example/',
  'http://share.example/',
  'http://10.1.2.3/',
];

/** Not the configured origin, however much they look like it. */
const STRANGE_URLS = [
  'https://share.example.evil.test/',
  'https://share.example@evil.test/',
  'https://evil.test/share.example',
  'https://evil.test#share.example',
  'https://evil.test?share.example',
  'https://evil.test\\@share.example/',
  'https://share.example:8443/',
  'https://share.example:22/',
  'https://share.example./',
  'https://sub.share.example/',
  'https://share-example/',
  'https://shаre.example/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://localhost/',
  'https://localhost.localdomain/',
  'https://10.0.0.1/',
  'https://192.168.0.1/',
  'https://172.16.0.1/',
];

describe('J1 an address that is not allowed is refused before anything is connected', () => {
  test.each(NEVER_URLS)('never: %s', (url) => {
    expect(allowedUrl(url, rulesFor(url))).toBeUndefined();
  });

  test.each(STRANGE_URLS)('not the configured one: %s', (url) => {
    expect(allowedUrl('https://share.example/titles', INTRANET)?.host).toBe('share.example');
    expect(allowedUrl(url, INTRANET)).toBeUndefined();
  });

  test.each([
    ['https://10.1.2.3/', {}],
    ['http://10.1.2.3/', { allowsHttp: true }],
    ['http://127.0.0.1:4100/', {}],
    ['http://localhost:4100/', {}],
    ['http://[::1]:4100/', {}],
    ['https://8.8.8.8/', { network: 'public' }],
    ['https://[2400:3200::1]/', { network: 'public' }],
  ] as [string, Partial<AddressRules>][])('allowed where configured: %s', (url, change) => {
    expect(allowedUrl(url, rulesFor(url, change))?.href).toBe(url);
  });

  test('a feed on the public network may not be a private address', () => {
    for (const host of [
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '[fd12::1]',
      '[::ffff:10.0.0.1]',
    ]) {
      const url = `https://${host}/`;
      expect(allowedUrl(url, rulesFor(url))).toBeDefined();
      expect(allowedUrl(url, rulesFor(url, { network: 'public' }))).toBeUndefined();
    }
  });

  test('what is refused by its URL is never asked for', async () => {
    const request = {
      feed: 'f',
      url: `${source.url.replace('127.0.0.1', 'localhost')}/x`,
      rules: rulesFor(source.url),
      headers: () => ({}),
    };
    const tools = { clock: systemClock, log: silentLog };
    await expect(fetchBody(request, tools)).rejects.toMatchObject({
      code: 'source.address-forbidden',
    });
    expect(source.seen).toHaveLength(0);
  });
});

describe('J2 the address really connected to is judged, and redirects are not followed', () => {
  const askBy = (answers: LookupAddress[][], rules: AddressRules) => {
    let asked = 0;
    const resolve = async () => answers[asked++] ?? [];
    const patience = { sleep: async () => undefined, random: () => 0 };
    const request = { feed: 'f', url: `${rules.origin}/x`, rules, headers: () => ({}) };
    return fetchBody(request, { clock: systemClock, log: silentLog, patience, resolve });
  };
  const inside = { address: '127.0.0.1', family: 4 };
  const origin = `http://share.example:${new URL(source.url).port}`;

  test('a name that points inside is refused', async () => {
    const rules = { origin, network: 'intranet', allowsHttp: true } as const;
    for (const address of ['127.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', '0.0.0.0']) {
      const found = [{ address, family: address.includes(':') ? 6 : 4 }];
      await expect(askBy([found], rules)).rejects.toMatchObject({
        code: 'source.address-forbidden',
      });
    }
    expect(source.seen).toHaveLength(0);
  });

  test('a name that answers differently at the second attempt, or both ways at once, is refused then', async () => {
    const rules = { origin, network: 'public', allowsHttp: true } as const;
    // The first answer leads nowhere (an empty list); the second, a moment later, points inside.
    await expect(askBy([[], [inside]], rules)).rejects.toMatchObject({
      code: 'source.address-forbidden',
    });
    const mixed = [{ address: '8.8.8.8', family: 4 }, inside];
    await expect(askBy([mixed], rules)).rejects.toMatchObject({ code: 'source.address-forbidden' });
    expect(source.seen).toHaveLength(0);
  });

  test('a redirect to the inside is refused and not followed', async () => {
    source.answer({ do: 'status', status: 302, headers: { location: `${source.url}/inside` } });
    const request = {
      feed: 'f',
      url: `${source.url}/x`,
      rules: rulesFor(source.url),
      headers: () => ({}),
    };
    const work = fetchBody(request, { clock: systemClock, log: silentLog });
    await expect(work).rejects.toMatchObject({ code: 'source.refused', details: { status: 302 } });
    expect(source.seen.map((it) => it.url.pathname)).toEqual(['/x']);
  });

  test('only numeric addresses without a zone are connected to', () => {
    expect(mayConnect('8.8.8.8', PUBLIC)).toBe(true);
    for (const odd of ['share.example', '', 'fe80::1%eth0', '::1%lo', '8.8.8.8.8', '010.8.8.8']) {
      expect(mayConnect(odd, PUBLIC)).toBe(false);
    }
  });
});
