/**
 * The lying source: an HTTP server on this machine that serves a good answer and can, per request,
 * do everything a source in the field has been seen to do wrong. Every connection is ended at close.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';

export type Cut = 'content-length' | 'chunked' | 'gzip' | 'close-delimited';

export type Behaviour =
  | { do: 'serve'; body: string | Buffer; headers?: Record<string, string> }
  | { do: 'serve-gzip'; body: string | Buffer }
  | { do: 'close-delimited'; body: string | Buffer }
  | { do: 'hang'; when: 'before-headers' | 'after-headers' }
  /** One byte at a time, faster than any idle limit, for ever. */
  | { do: 'trickle' }
  | { do: 'cut'; way: Cut; body: string | Buffer }
  | { do: 'status'; status: number; headers?: Record<string, string> }
  /** Inflates to `bytes` of one letter. */
  | { do: 'bomb'; bytes: number }
  | { do: 'endless' }
  | { do: 'reset' };

export type SeenRequest = { url: URL; headers: IncomingMessage['headers'] };
export type Answer = (request: SeenRequest, count: number) => Behaviour;

export type LyingSource = {
  url: string;
  seen: SeenRequest[];
  /** From now on every request is answered so. */
  answer(how: Behaviour | Answer): void;
  close(): Promise<void>;
};

const TRICKLE_MS = 5;

const bytesOf = (body: string | Buffer) => Buffer.from(body);

/** Headers promise more than comes: the connection ends in the middle. */
function cut(way: Cut, body: Buffer, response: ServerResponse) {
  const half = body.subarray(0, Math.floor(body.length / 2));
  if (way === 'content-length') {
    response.writeHead(200, { 'content-length': body.length });
    response.write(half, () => response.destroy());
  } else if (way === 'chunked') {
    response.writeHead(200, { 'transfer-encoding': 'chunked' });
    response.write(half, () => response.destroy());
  } else if (way === 'gzip') {
    // All lengths agree; only the compressed stream itself is unfinished.
    const packed = gzipSync(body);
    const part = packed.subarray(0, Math.floor(packed.length * 0.9));
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': part.length });
    response.end(part);
  } else closeDelimited(half, response);
}

/** No length and no chunks: the body is whatever came before the connection ended. */
function closeDelimited(body: Buffer, response: ServerResponse) {
  const socket = response.socket;
  socket?.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n');
  socket?.end(body);
}

function bomb(bytes: number, response: ServerResponse) {
  const block = Buffer.alloc(64 * 1024, 'a');
  function* blocks() {
    for (let sent = 0; sent < bytes; sent += block.length) yield block;
  }
  response.writeHead(200, { 'content-encoding': 'gzip' });
  const packed = Readable.from(blocks()).pipe(createGzip());
  response.on('close', () => packed.destroy());
  packed.pipe(response);
}

function trickle(response: ServerResponse) {
  response.writeHead(200);
  const timer = setInterval(() => response.write('x'), TRICKLE_MS);
  response.on('close', () => clearInterval(timer));
}

function endless(response: ServerResponse) {
  const block = Buffer.alloc(64 * 1024, 'a');
  response.writeHead(200);
  const more = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', more);
  more();
}

function behave(how: Behaviour, response: ServerResponse) {
  if (how.do === 'serve') response.writeHead(200, how.headers).end(how.body);
  else if (how.do === 'serve-gzip') {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(how.body));
  } else if (how.do === 'close-delimited') closeDelimited(bytesOf(how.body), response);
  else if (how.do === 'hang') {
    if (how.when === 'after-headers') response.writeHead(200).flushHeaders();
  } else if (how.do === 'trickle') trickle(response);
  else if (how.do === 'cut') cut(how.way, bytesOf(how.body), response);
  else if (how.do === 'status') response.writeHead(how.status, how.headers).end('no');
  else if (how.do === 'bomb') bomb(how.bytes, response);
  else if (how.do === 'endless') endless(response);
  else response.socket?.resetAndDestroy();
}

/** Starts a source on a free port of this machine. */
export async function startLyingSource(): Promise<LyingSource> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let current: Answer = () => ({ do: 'status', status: 404 });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const one = { url, headers: request.headers };
    seen.push(one);
    behave(current(one, seen.length), response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    answer(how) {
      current = typeof how === 'function' ? how : () => how;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
