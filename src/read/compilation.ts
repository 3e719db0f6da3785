/**
 * The state of writing one statement: placeholders and aliases.
 * A caller's value can enter the statement in one way only, as a placeholder made by `bind`.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  Kind,
} from 'graphql';
import { type Actor, settingsOf } from '../access/actor.ts';
import type { Grant } from '../access/grants.ts';
import { HubError } from '../base/errors.ts';
import type { Runtime, Source, Transform, Writer } from './field-plan.ts';
import { invalidRequest } from './refused-request.ts';

export type Variables = { readonly [name: string]: unknown };
export type Fragments = { readonly [name: string]: FragmentDefinitionNode };
export type AnyField = GraphQLField<unknown, unknown>;

/** What a plan needs besides its text when it runs. */
export type Run = { actor: Actor; variables: Variables; runtime: Runtime };
export type Bound = (run: Run) => string | null;

export type Compilation = {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly variables: Variables;
  readonly grants: ReadonlySet<Grant>;
  readonly bounds: Bound[];
  /** Conditions on the statement as a whole: a cursor that must name a visible row. */
  readonly cursorChecks: string[];
  readonly named: Map<string, string>;
  /** Some object of the answer says whose row it is, see persons.ts. */
  hasPersons: boolean;
  aliases: number;
};

/** As the descriptions of `first` say; no setting, because the defaults of lists are made of it. */
export const MOST_PER_PAGE = 100;

export const fragmentsOf = (document: DocumentNode): Fragments =>
  Object.fromEntries(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  );

export const start = (
  parts: Pick<Compilation, 'schema' | 'fragments' | 'variables' | 'grants'>,
): Compilation => ({
  ...parts,
  bounds: [],
  cursorChecks: [],
  named: new Map(),
  hasPersons: false,
  aliases: 0,
});

export const requireGrant = (c: Compilation, grant: Grant | undefined): void => {
  if (grant === undefined || !c.grants.has(grant)) throw new HubError('auth.forbidden');
};

export const placeholder = (c: Compilation, bound: Bound): string => `$${c.bounds.push(bound)}`;

/** A placeholder used in several places of the statement. */
export function namedPlaceholder(c: Compilation, name: string, bound: Bound): string {
  const known = c.named.get(name) ?? placeholder(c, bound);
  c.named.set(name, known);
  return known;
}

export const settingPlaceholder = (c: Compilation, position: 0 | 1 | 2 | 3): string =>
  namedPlaceholder(c, `setting ${position}`, ({ actor }) => settingsOf(actor)[position]);

export const newAlias = (c: Compilation): string => {
  c.aliases += 1;
  return `t${c.aliases}`;
};

/** Written as the row policies write it (see schema/table-parts.ts), for the planner's sake. */
export const managed = (c: Compilation, t: string): string => {
  const mine = namedPlaceholder(
    c,
    'authorities',
    ({ actor }) => `{${actor.authorities.join(',')}}`,
  );
  return `coalesce(${t}.managed_by && ${mine}::smallint[], false)`;
};

/** Rows of a register: the actor's own to see, or through kinship where families may be read. */
export const registered = (c: Compilation, t: string): string => {
  if (!c.grants.has('family.read')) return managed(c, t);
  const mine = namedPlaceholder(c, 'kin', ({ actor }) => `{${settingsOf(actor)[3]}}`);
  return `(${managed(c, t)} or coalesce(${t}.kin_managed_by && ${mine}::smallint[], false))`;
};

/**
 * What must hold for a row of this source to be asked for by itself, by id or in a list at the root: it
 * is current, and the actor's own to see. Kinship is followed from an official, never begun with.
 */
export const visible = (c: Compilation, source: Source, t: string): string[] => [
  ...source.where(t),
  ...(source.isManaged ? [managed(c, t)] : []),
];

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined,
    value,
  );

const asText: Transform = (value) => (value === null || value === undefined ? null : String(value));

/** PostgreSQL text cannot hold NUL, so nothing stored can equal such a value. */
export const checkText = (text: string | null): string | null => {
  if (text?.includes('\u0000'))
    throw invalidRequest('文字中不能有空字符（U+0000）', 'a text cannot hold the character U+0000');
  return text;
};

/** Reads one argument of a field, from the document or from the variables. */
export const argument =
  (field: AnyField, node: FieldNode, path: readonly string[]) =>
  (variables: Variables): unknown =>
    at(getArgumentValues(field, node, variables), path);

export function writerFor(
  c: Compilation,
  field: AnyField,
  node: FieldNode,
  isFamily = false,
): Writer {
  const now = getArgumentValues(field, node, c.variables);
  const given = (path: string[]) => at(now, path) ?? undefined;
  return {
    has: (...path) => given(path) !== undefined,
    choice: (...path) => given(path),
    bind(path, transform = asText) {
      const read = argument(field, node, path);
      return placeholder(c, (run) => checkText(transform(read(run.variables), run.runtime)));
    },
    get actorId() {
      return `${settingPlaceholder(c, 0)}::text`;
    },
    get today() {
      return `${namedPlaceholder(c, 'today', ({ runtime }) => runtime.today)}::date`;
    },
    managed: (t) => managed(c, t),
    registered: (t) => registered(c, t),
    isFamily,
    grants: c.grants,
    alias: () => newAlias(c),
  };
}
