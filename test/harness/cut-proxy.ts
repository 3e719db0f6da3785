/**
 * A wire to PostgreSQL that can be cut at a chosen moment: when the server has done a
 * command and says so, which the client then never hears.
 */
import { connect, createServer, type Socket } from 'node:net';
import { Secret } from '../../src/base/secret.ts';

export type CutWire = {
  url: Secret;
  /** Loses the `nth` answer from now on that reports this command, and its connection. */
  cutAfter(command: 'COMMIT', nth: number): void;
  /** Nothing listens any more and every connection is lost, as when the server's machine goes. */
  away(): Promise<void>;
  /** It listens again, at the same address. */
  back(): Promise<void>;
  close(): Promise<void>;
};

export async function cutWire(to: Secret): Promise<CutWire> {
  const target = new URL(to.reveal());
  let answer = '';
  let left = -1;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      if (left > 0 && bytes.includes(answer)) left -= 1;
      if (left !== 0) return client.write(bytes);
      // The server has answered, so it has done the work; the answer is what gets lost.
      left = -1;
      client.destroy();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const end = async () => {
    const ended = new Promise<void>((done) => server.close(() => done()));
    for (const socket of open) socket.destroy();
    await ended;
  };
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: new Secret(url.href),
    cutAfter(command, nth) {
      answer = `${command}\0`;
      left = nth;
    },
    away: end,
    back: () => new Promise((done) => server.listen(address.port, '127.0.0.1', done)),
    close: end,
  };
}
