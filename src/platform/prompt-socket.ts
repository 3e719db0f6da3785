/**
 * Sockets that send small writes at once. The client library leaves Nagle's algorithm on: the last few
 * bytes of a COPY, or a request sent behind another, then wait for the server's acknowledgement, which
 * the server delays, for it has nothing to say yet. Each such meeting costs 40 ms: a COPY of one row
 * took 88 ms and takes 0.6.
 */
import { connect, type Socket } from 'node:net';

/** What the library passes of its options; hosts are taken in turn, as it does by itself. */
type Address = { path?: string | false; host: readonly string[]; port: readonly number[] };

/**
 * The library's option `socket`, which its types do not name. The socket is given while it connects;
 * what is written waits for that, and what fails is told by its events, as the library's own would.
 */
export function promptSockets(): object {
  let turn = 0;
  const socket = ({ path, host, port }: Address): Socket => {
    if (path) return connect({ path });
    const at = turn++ % host.length;
    const opened = connect({ host: host[at], port: port[at] ?? 5432, noDelay: true });
    // Where the library looks for the name it holds a TLS certificate against.
    return Object.assign(opened, { host: host[at] });
  };
  return { socket };
}
