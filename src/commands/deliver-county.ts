/** hub deliver-county: only writes what the departments of an invented county would deliver. */
import { resolve } from 'node:path';
import { type CountyOptions, DEFAULT_OPTIONS, deliverCounty } from '../demo/index.ts';
import { dateOption, parse, wholeNumber } from './options.ts';
import { openSteps } from './steps.ts';

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parse(args, {
    officials: { type: 'string' },
    seed: { type: 'string' },
    until: { type: 'string' },
    folder: { type: 'string' },
  });
  const county: CountyOptions = {
    officials: wholeNumber('officials', values.officials, DEFAULT_OPTIONS.officials),
    seed: wholeNumber('seed', values.seed, DEFAULT_OPTIONS.seed),
    until: dateOption('until', values.until) ?? DEFAULT_OPTIONS.until,
    folder: resolve(values.folder ?? 'county'),
  };
  await openSteps().run('生成虚构县', 'deliver the county', async (report) => {
    const summary = await deliverCounty(county, report);
    const rows = Object.values(summary.departments).reduce((sum, it) => sum + it.rows, 0);
    return { value: summary, note: `${summary.officials} 人 officials, ${rows} 行 rows` };
  });
  return 0;
}
