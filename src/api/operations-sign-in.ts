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
    <meta name="viewport" content="width=device-width" />
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${PAGE}.css" />
  </head>
  <body data-to="${to}">
    <h1>运维登录 <small>Sign in as an operator</small></h1>
    <form>
      <label>登录凭证 Token <input type="password" autocomplete="off" size="60" required /></label>
      <button>登录 Sign in</button>
    </form>
    <p role="alert"></p>
    <p>凭证由身份认证系统签发；演示中用 <code>npm run hub -- token operator</code>。<br />
      Your identity provider issues the token; in the demo the command above does.</p>
    <script src="${PAGE}.js"></script>
  </body>
</html>
`;

const STYLE = `body { max-width: 34rem; margin: 12vh auto 0; padding: 0 1rem; color: #1f2937;
  font: 1rem/1.6 system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif; }
h1 { font-size: 1.4rem; } small, p { color: #5b6472; font-weight: normal; }
input { display: block; width: 100%; box-sizing: border-box; margin: 0.3rem 0 0.8rem; padding: 0.5rem; }
button { padding: 0.4rem 1.2rem; } [role=alert] { color: #b42318; min-height: 1.6em; }
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

/** GET /operations/sign-in, its script and its style: the page's policy allows nothing within it. */
export function mountSignIn(app: FastifyInstance, paths: readonly string[]): OperationsSignIn {
  const [first] = paths;
  app.get<{ Querystring: { to?: unknown } }>(PAGE, (request, reply) => {
    const path = paths.find((each) => nameOf(each) === request.query.to) ?? first;
    return reply.type('text/html; charset=utf-8').send(html(path ? `${path}/` : '/'));
  });
  app.get(`${PAGE}.css`, (_, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
  app.get(`${PAGE}.js`, (_, reply) => reply.type('text/javascript; charset=utf-8').send(SCRIPT));
  return {
    placeFor({ method, url, headers }) {
      if (method !== 'GET' || !headers.accept?.includes('text/html')) return undefined;
      const path = paths.find((each) => url.startsWith(each));
      return path && `${PAGE}?to=${nameOf(path)}`;
    },
  };
}
