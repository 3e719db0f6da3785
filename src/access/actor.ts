/**
 * Who is asking, and the settings that tell PostgreSQL so. Rights come from the table `actor`,
 * never from a token; every read and command takes an actor, and there is no way to leave it out.
 */
import { grantsOf } from './roles.ts';

export type Actor = {
  readonly id: string;
  readonly name: string;
  /** Keys of `ROLES`. */
  readonly roles: readonly string[];
  /** `authority_id`s whose officials this actor may see. */
  readonly authorities: readonly number[];
};

type Settings = readonly [actor: string, roles: string, authorities: string, kin: string];

/** An actor is asked about many times a request, and stays the same object for many requests. */
const made = new WeakMap<Actor, { settings: Settings; key: string }>();

/** What relatives' registers show is opened by a grant, so the fourth is empty for whoever lacks it. */
function settle(actor: Actor) {
  const authorities = [...actor.authorities].sort((a, b) => a - b).join(',');
  const settings: Settings = [
    actor.id,
    [...actor.roles].sort().join(','),
    authorities,
    grantsOf(actor.roles).has('family.read') ? authorities : '',
  ];
  const settled = { settings, key: settings.join('\n') };
  made.set(actor, settled);
  return settled;
}

/** What row policies compare, in the order of SETTING_NAMES; equal rights give equal texts. */
export const settingsOf = (actor: Actor): Settings => (made.get(actor) ?? settle(actor)).settings;

/** One text for all of them; equal for equal settings. */
export const settingsKey = (actor: Actor): string => (made.get(actor) ?? settle(actor)).key;

export const SETTING_NAMES = [
  'hub.actor',
  'hub.roles',
  'hub.authorities',
  'hub.kin_authorities',
] as const;

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * The settings as commands for one transaction. A distributed server (Citus) repeats SET LOCAL on the
 * servers it asks, if it is told so, and no other way of setting; to others the first says nothing.
 */
export const setLocal = (actor: Actor): string =>
  [
    "set local citus.propagate_set_commands = 'local'",
    ...settingsOf(actor).map((value, n) => `set local ${SETTING_NAMES[n]} = ${quoted(value)}`),
  ].join('; ');
