/**
 * The baseline of the read path: hand-written SQL behind node:http, nothing in between. Row policies
 * are on, with the actor's settings fixed on the connections; `owner` measures without them.
 *
 *   node test/bench/bare-server.ts <database url> api|owner
 */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Secret } from '../../src/base/secret.ts';
import { connect } from '../../src/platform/database.ts';
import { announce, portOf } from './announce.ts';
import { LIST_BY_HAND, PROFILE_BY_HAND } from './read-queries.ts';

const [url, role] = process.argv.slice(2);
if (!url || (role !== 'api' && role !== 'owner')) {
  throw new Error('usage: bare-server.ts <database url> api|owner');
}
const sql = connect(new Secret(url), {
  role,
  max: 10,
  name: 'bench-bare',
  settings: {
    'hub.actor': 'bench',
    'hub.roles': 'analyst',
    'hub.authorities': '1,2',
    'hub.kin_authorities': '1,2',
    plan_cache_mode: 'force_generic_plan',
  },
});

async function answer(request: IncomingMessage): Promise<string> {
  const { variables } = JSON.parse(await text(request)) as { variables: { id?: string } };
  const [row] = variables.id
    ? await sql.unsafe(PROFILE_BY_HAND, [variables.id.slice('Cadre:'.length)], { prepare: true })
    : await sql.unsafe(LIST_BY_HAND, [], { prepare: true });
  return `{"data":${row?.data}}`;
}

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json');
  try {
    response.end(await answer(request));
  } catch {
    response.writeHead(500).end();
  }
});
server.listen(0, '127.0.0.1', () => announce({ port: portOf(server.address()) }));
