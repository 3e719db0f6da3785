/** Processor time, to say how fast work could be if it spread over the machine perfectly. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { postgres } from '../../src/platform/driver.ts';

export const CORES = availableParallelism();
/** Clock ticks a second in /proc, fixed by Linux's interface. */
const TICKS = 100;

/** The process id of the server itself, of which every connection is a child. */
export async function postmasterOf(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const [row] =
    await sql`select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`;
  await sql.end();
  return row?.pid;
}

/** Fields of /proc/<pid>/stat behind the name, which may hold spaces: from the third on. */
function statOf(pid: number | string): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return [];
  }
}

/**
 * Seconds of processor time the server has used so far: its living children's and, in its own
 * entry, those of children that have ended. Linux only; elsewhere 0, and ideals come out too good.
 */
export function serverCpuSeconds(postmaster: number): number {
  const [, , , , , , , , , , , user = 0, system = 0, ended = 0, endedSystem = 0] =
    statOf(postmaster);
  const own = user + system + ended + endedSystem;
  const pids =
    process.platform === 'linux' ? readdirSync('/proc').filter((it) => /^\d+$/.test(it)) : [];
  const living = pids
    .map(statOf)
    .filter(([, parent]) => parent === postmaster)
    .reduce((sum, stat) => sum + (stat[11] ?? 0) + (stat[12] ?? 0), 0);
  return (own + living) / TICKS;
}
