/**
 * Takes one hostile delivery in a process of its own and says how it ended and how much memory it
 * cost at its worst: `node hostile-delivery.ts file <path>` or `… url <address>`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { loadConnectors } from '../../connectors/kit/index.ts';
import { systemClock } from '../../src/base/clock.ts';
import { HubError } from '../../src/base/errors.ts';
import { silentLog } from '../../src/base/log.ts';
import { fetchBody } from '../../src/platform/fetch.ts';
import { deliveriesFrom } from '../../src/transports/index.ts';

const [kind, target = ''] = process.argv.slice(2);

async function takeFile(path: string) {
  const audit = (await loadConnectors()).get('audit');
  if (!audit) throw new Error('no audit feed');
  for await (const { sheets } of deliveriesFrom(audit, path)) for await (const _ of sheets);
}

const takeUrl = (url: string) =>
  fetchBody(
    {
      feed: 'real-estate',
      url,
      rules: { origin: new URL(url).origin, network: 'intranet', allowsHttp: false },
      headers: () => ({}),
    },
    { clock: systemClock, log: silentLog },
  );

const work = kind === 'url' ? takeUrl(target) : takeFile(target);
const code = await work.then(
  () => 'taken',
  (error: unknown) => (error instanceof HubError ? error.code : String(error)),
);
// Linux carries the parent's own peak over into maxRSS; VmHWM begins with this program.
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
const peakKilobytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
const peakMegabytes = Math.round(peakKilobytes / 1024);
process.stdout.write(JSON.stringify({ code, peakMegabytes }));
