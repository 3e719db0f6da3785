/**
 * A named place where a test may kill the process, as a power cut would. Does nothing unless the
 * environment arms it, so production pays one string comparison per call.
 *
 * HUB_FAILPOINT=name        SIGKILL at the first passage through `name`
 * HUB_FAILPOINT_RECORD=file append every name passed, so that the test can list them all
 */
import { appendFileSync } from 'node:fs';

const armed = process.env.HUB_FAILPOINT;
const recording = process.env.HUB_FAILPOINT_RECORD;

export function failpoint(name: string): void {
  if (recording) appendFileSync(recording, `${name}\n`);
  if (armed === name) process.kill(process.pid, 'SIGKILL');
}
