/** hub all: the API and the workers, as configured. */
import { runInstallation } from './installation.ts';

export const run = (args: readonly string[]) => runInstallation(args, { api: true, worker: true });
