/** The person at the console, for the record. */
import { userInfo } from 'node:os';
import type { Actor } from '../access/actor.ts';
import { consoleActor } from '../act/actor-row.ts';

/** Whoever sits there, behind sudo if need be; containers may know no name. */
export function whoTypes(): Actor {
  try {
    return consoleActor(process.env.SUDO_USER ?? userInfo().username);
  } catch {
    return consoleActor(`uid-${process.getuid?.() ?? 'unknown'}`);
  }
}
