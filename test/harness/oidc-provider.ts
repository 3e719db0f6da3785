/** A real OpenID Connect provider (npm `oidc-provider`) that gives programs tokens for the hub, and changes its keys. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type AsymmetricSigningAlgorithm } from 'oidc-provider';

export type IdentityProvider = {
  issuer: string;
  /** What was asked of it, by path. */
  asked: string[];
  /** A token for the client of that name, which is also its account at the hub. */
  token(client: string): Promise<string>;
  /** From now on signs with a new key; the old one stays in its set, or not. */
  rotate(options: { keepsOld: boolean }): Promise<void>;
  close(): void;
};

type Options = { alg: AsymmetricSigningAlgorithm; audience: string; clients: readonly string[] };

const SECRET = 'of-a-provider-that-lives-for-one-test';

async function newKey(alg: string, kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, kid, use: 'sig' };
}

function open(issuer: string, keys: readonly JWK[], { alg, audience, clients }: Options) {
  const provider = new Provider(issuer, {
    jwks: { keys: [...keys] },
    clients: clients.map((client_id) => ({
      client_id,
      client_secret: SECRET,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: alg,
    })),
    enabledJWA: { idTokenSigningAlgValues: [alg] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => 'urn:integrity-hub',
        getResourceServerInfo: () => ({
          ...{ scope: '', audience, accessTokenTTL: 600, accessTokenFormat: 'jwt' },
          jwt: { sign: { alg } },
        }),
      },
    },
  });
  return provider.callback() as RequestListener;
}

export async function startProvider(options: Options): Promise<IdentityProvider> {
  let answer: RequestListener = (_, response) => response.end();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let number = 1;
  let keys = [await newKey(options.alg, 'key-1')];
  answer = open(issuer, keys, options);
  return {
    issuer,
    asked,
    async token(client) {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client}:${SECRET}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const { access_token: token } = (await response.json()) as { access_token?: string };
      if (token === undefined) throw new Error(`the provider gave no token: ${response.status}`);
      return token;
    },
    async rotate({ keepsOld }) {
      number += 1;
      const made = await newKey(options.alg, `key-${number}`);
      keys = keepsOld ? [made, ...keys] : [made];
      answer = open(issuer, keys, options);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
