/**
 * The page that turns a token into a session for the pages of operators, for installations without an
 * explorer and for whoever comes to such a page directly. Nothing in it comes from the request: where it
 * leads afterwards is one of the mounted pages.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';

const PAGE = '/operations/sign-in';

const html = (to: string) => `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <title>廉情数据枢纽 · 运维登录 Sign in</title>
    <link rel="icon" href="data:," />
  </head>
  <body data-to="${to}">
    <h1>运维登录 <small>Sign in as an operator</small></h1>
    <form>
      <label>登录凭证 Token <input type="password" autocomplete="off" size="60" required /></label>
      <button>登录 Sign in</button>
    </form>
    <p role="alert"></p>
    <script src="${PAGE}.js"></script>
  </body>
</html>
`;

const SCRIPT = `document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const authorization = 'Bearer ' + document.querySelector('input').value.trim();
  const answer = await fetch('${PAGE}', { method: 'POST', headers: { authorization } });
  if (answer.ok) return location.replace(document.body.dataset.to);
  const { errors } = await answer.json();
  const [{ message, extensions }] = errors;
  document.querySelector('[role=alert]').textContent = message + ' ' + extensions.english;
});
`;

/** `/operations/queues` is called `queues` in an address. */
const nameOf = (path: string) => path.slice('/operations/'.length);

export type OperationsSignIn = {
  /** Where a browser that asked for a page goes first; undefined for programs, which get a plain refusal. */
  placeFor(request: FastifyRequest): string | undefined;
};

/** GET /operations/sign-in and its script. */
export function mountSignIn(app: FastifyInstance, paths: readonly string[]): OperationsSignIn {
  const [first] = paths;
  app.get<{ Querystring: { to?: unknown } }>(PAGE, (request, reply) => {
    const path = paths.find((each) => nameOf(each) === request.query.to) ?? first;
    return reply.type('text/html; charset=utf-8').send(html(path ? `${path}/` : '/'));
  });
  app.get(`${PAGE}.js`, (_, reply) => reply.type('text/javascript; charset=utf-8').send(SCRIPT));
  return {
    placeFor({ method, url, headers }) {
      if (method !== 'GET' || !headers.accept?.includes('text/html')) return undefined;
      const path = paths.find((each) => url.startsWith(each));
      return path && `${PAGE}?to=${nameOf(path)}`;
    },
  };
}
