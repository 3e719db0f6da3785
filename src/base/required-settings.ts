/** What an installation cannot do without, told at once, each with what makes it. */
import type { Part } from './config.ts';
import { hasSignIn } from './configured-keys.ts';
import { HubError } from './errors.ts';
import type { Settings } from './settings.ts';

type Needed = { setting: keyof Settings; by: readonly Part[]; makes: string };

const ROLES = 'npm run hub -- migrate --print-roles';

const NEEDED: readonly Needed[] = [
  {
    setting: 'DATABASE_URL',
    by: ['owner'],
    makes: `the owner's login, for migrate alone; ${ROLES} prints the SQL that makes it`,
  },
  {
    setting: 'HUB_WORKER_DATABASE_URL',
    by: ['worker'],
    makes: `the workers' login; ${ROLES} prints the SQL that makes it`,
  },
  {
    setting: 'HUB_API_DATABASE_URL',
    by: ['api', 'console'],
    makes: `the API's login; ${ROLES} prints the SQL that makes it`,
  },
  {
    setting: 'HUB_IDENTITY_KEY_FILE',
    by: ['worker', 'api'],
    makes: 'hub keys make identity --out identity.key',
  },
  { setting: 'HUB_JWT_ISSUER', by: ['api'], makes: 'what your sign-in service writes as iss' },
  { setting: 'HUB_JWT_AUDIENCE', by: ['api'], makes: 'what your sign-in service writes as aud' },
  {
    setting: 'HUB_JWT_PUBLIC_KEY_FILE',
    by: ['api'],
    makes: "or HUB_JWT_JWKS: your sign-in service's key set; without one, hub keys make signing",
  },
];

/** Refuses with `config.invalid`, naming all of them; the first is `setting` of the details. */
export function refuseMissing(given: Settings, parts: readonly Part[]): void {
  const missing = NEEDED.filter(({ setting, by }) => {
    if (!by.some((part) => parts.includes(part))) return false;
    return setting === 'HUB_JWT_PUBLIC_KEY_FILE' ? !hasSignIn(given) : given[setting] === undefined;
  });
  const [first] = missing;
  if (!first) return;
  const lines = missing.map(({ setting, makes }) => `${setting}: is required – ${makes}`);
  throw new HubError('config.invalid', { setting: first.setting, reason: lines.join('\n  ') });
}
