/** hub worker: the workers only, as configured. */
import { runInstallation } from './installation.ts';

export const run = (args: readonly string[]) => runInstallation(args, { api: false, worker: true });
