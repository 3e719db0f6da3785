import { expect, test } from 'vitest';
import { apiUnderTest, entriesOf } from './api-under-test.ts';

const api = apiUnderTest({
  mounts: [
    {
      path: '/operations/queues',
      plugin: async (scope) => {
        scope.get('/', async () => 'the board');
        scope.post('/retry', async () => 'done');
      },
    },
  ],
});

const signIn = async (actor: string) => {
  const { fetch, token } = await api.get();
  const response = await fetch('/operations/sign-in', {
    method: 'POST',
    headers: { authorization: `Bearer ${await token(actor)}` },
  });
  return { status: response.status, cookie: response.headers.get('set-cookie') };
};

const look = async (cookie?: string | null) => {
  const { fetch } = await api.get();
  const headers = cookie ? { cookie: String(cookie.split(';')[0]) } : {};
  const response = await fetch('/operations/queues/', { headers });
  return { status: response.status, text: await response.text() };
};

test('an operator exchanges a token for a cookie that opens the pages for operators', async () => {
  const { status, cookie } = await signIn('operator');
  expect(status).toBe(204);
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
  expect(cookie).toMatch(/Path=\/operations/);
  expect(await look(cookie)).toEqual({ status: 200, text: 'the board' });
});

test('a browser that is not signed in is led to the sign-in, and from there to the page it wanted', async () => {
  const { fetch } = await api.get();
  const browser = { accept: 'text/html,application/xhtml+xml' };
  const turned = await fetch('/operations/queues/?page=1', {
    headers: browser,
    redirect: 'manual',
  });
  expect(turned.status).toBe(302);
  expect(turned.headers.get('location')).toBe('/operations/sign-in?to=queues');
  const page = await fetch('/operations/sign-in?to=queues', { headers: browser });
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).not.toMatch(/script-src|unsafe-eval/);
  const html = await page.text();
  expect(html).toContain('data-to="/operations/queues/"');
  expect(html).not.toMatch(/<script(?! src="\/operations\/sign-in\.js")/);
  const script = await fetch('/operations/sign-in.js');
  expect(script.headers.get('content-type')).toMatch(/javascript/);
  // Where it leads is never what an address says, only a page that exists.
  const foreign = await fetch('/operations/sign-in?to=//evil.example/%22%3E', { headers: browser });
  expect(await foreign.text()).toContain('data-to="/operations/queues/"');
  // Who is signed in and may not look is not sent round in circles; a program gets its 401.
  expect((await fetch('/operations/queues/', { redirect: 'manual' })).status).toBe(401);
});

test('a page is found without its last slash, too', async () => {
  const { fetch } = await api.get();
  const { cookie } = await signIn('operator');
  const headers = { cookie: String(cookie?.split(';')[0]) };
  const response = await fetch('/operations/queues', { headers, redirect: 'manual' });
  expect(response.headers.get('location')).toBe('/operations/queues/');
});

test('F1 F3 what an operator does there is on record first, or does not happen', async () => {
  const { fetch, database } = await api.get();
  const { cookie } = await signIn('operator');
  const headers = { cookie: String(cookie?.split(';')[0]) };
  const act = () => fetch('/operations/queues/retry?all=1', { method: 'POST', headers });
  expect((await act()).status).toBe(200);
  expect((await entriesOf(database)).at(-1)).toMatchObject({
    actor_id: 'operator',
    operation: 'POST /operations/queues/retry',
    outcome: 'ok',
  });
  const owner = database.as('owner', 1);
  await owner`revoke insert on hub.access_log from hub_api`;
  const refused = await act();
  await owner`grant insert on hub.access_log to hub_api`;
  expect(refused.status).toBe(500);
  expect(await refused.text()).not.toContain('done');
});

test('nobody else gets in, and a token in the address or header of a page does not help', async () => {
  const { fetch, token } = await api.get();
  expect(await signIn('analyst')).toEqual({ status: 403, cookie: null });
  expect((await look()).status).toBe(401);
  expect((await look('hub_operations=guessed')).status).toBe(401);
  const bearer = { authorization: `Bearer ${await token('operator')}` };
  expect((await fetch('/operations/queues/', { headers: bearer })).status).toBe(401);
});

test('I4 an operator who is no longer one is out within five seconds', async () => {
  const { database } = await api.get();
  const { cookie } = await signIn('operator');
  await database.as('owner', 1)`
    update hub.actor set roles = '{analyst}' where actor_id = 'operator'`;
  await expect.poll(async () => (await look(cookie)).status, { timeout: 60_000 }).toBe(403);
});
