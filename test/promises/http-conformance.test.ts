import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { apiUnderTest } from '../api/api-under-test.ts';

const api = apiUnderTest();

test('H3 the server speaks GraphQL over HTTP: none of the audits fails', async () => {
  const { url, token } = await api.get();
  const authorization = `Bearer ${await token()}`;
  const signedIn: typeof fetch = (input, init) =>
    fetch(input, {
      ...init,
      headers: {
        ...Object.fromEntries(new Headers(init?.headers)),
        authorization,
        'apollo-require-preflight': 'yes',
      },
    });
  const audits = serverAudits({ url: `${url}/graphql`, fetchFn: signedIn });
  const results = await Promise.all(audits.map((audit) => audit.fn()));
  const failed = results.filter(({ status }) => status !== 'ok');
  expect(
    failed.map(
      (result) => `${result.id} ${result.name}: ${'reason' in result ? result.reason : ''}`,
    ),
  ).toEqual([]);
  expect(results.length).toBeGreaterThan(55);
});
