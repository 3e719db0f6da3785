/** hub api: the API only, as configured. */
import { runInstallation } from './installation.ts';

export const run = (args: readonly string[]) => runInstallation(args, { api: true, worker: false });
