/** hub correlate: runs the rule book now, over what is known as of a date. */
import { randomUUID } from 'node:crypto';
import { loadConfig } from '../base/config.ts';
import { createLog } from '../base/log.ts';
import { openHub } from './hub.ts';
import { dateOption, parse } from './options.ts';
import { openSteps } from './steps.ts';
import { Closing, listenForStop } from './stopping.ts';
import { describeNight, runNight, whenFree } from './work.ts';

export async function run(args: readonly string[]): Promise<number> {
  const options = { 'as-of': { type: 'string' }, full: { type: 'boolean' } } as const;
  const { values } = parse(args, options);
  const given = dateOption('as-of', values['as-of']);
  const closing = new Closing();
  const { signal } = listenForStop();
  try {
    const hub = await openHub({
      config: loadConfig(['worker']),
      log: createLog(),
      closing,
      signal,
    });
    const asOf = given ?? hub.clock.today();
    const mode = values.full ? 'full' : 'auto';
    const steps = openSteps();
    await steps.run('碰撞', `correlate as of ${asOf}`, async (report) => {
      const request = { nightId: randomUUID(), asOf, mode, requestedBy: 'command' } as const;
      const control = { signal, progress: report };
      const outcome = await whenFree(signal, () => runNight(hub, request, control), steps.say);
      return { value: outcome, note: describeNight(outcome) };
    });
  } finally {
    await closing.close();
  }
  return 0;
}
