/** Commands that change what the API's role may change, in the name of the person at the console. */
import { userInfo } from 'node:os';
import type { Actor } from '../access/actor.ts';
import { consoleActor } from '../act/actor-row.ts';
import type { CommandContext } from '../act/command.ts';
import { type Config, loadConfig } from '../base/config.ts';
import { createLog } from '../base/log.ts';
import { connect } from '../platform/database.ts';
import { openDatabase, urlOf } from './databases.ts';
import { clockOf } from './hub.ts';
import { Closing } from './stopping.ts';

/** Whoever sits there, behind sudo if need be; containers may know no name. */
function whoTypes(): Actor {
  try {
    return consoleActor(process.env.SUDO_USER ?? userInfo().username);
  } catch {
    return consoleActor(`uid-${process.getuid?.() ?? 'unknown'}`);
  }
}

/** Does the work through one connection of the API's role; `purpose` goes on record with it. */
export async function atConsole<T>(
  name: string,
  purpose: string | undefined,
  work: (context: CommandContext, config: Config) => Promise<T>,
): Promise<T> {
  const config = loadConfig(['console']);
  const closing = new Closing();
  try {
    const urls = await openDatabase({ config, log: createLog(), closing }, ['api']);
    const sql = connect(urlOf(urls, 'api'), { role: 'api', max: 1, name });
    closing.add(() => sql.end({ timeout: 5 }));
    return await work({ sql, actor: whoTypes(), clock: clockOf(config), purpose }, config);
  } finally {
    await closing.close();
  }
}
