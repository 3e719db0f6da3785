/**
 * The words of an access-log entry about one GraphQL operation: names and ids, never a value. Names
 * come from the caller, so a name that carries a long number is not repeated.
 */
import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { canonicalNumber } from '../../schema/person/cadre-by-id.ts';
import { personKey } from '../base/person-key.ts';
import type { Secret } from '../base/secret.ts';
import { fragmentsOf } from '../read/index.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Six digits or more, full-width ones too, however they are divided. */
const LONG_NUMBER = /\p{Nd}(?:[\p{P}\p{Z}\p{Cf}\p{Cc}]{0,3}\p{Nd}){5,}/gu;
const withoutNumbers = (text: string): string => text.replace(LONG_NUMBER, '#');
/** `Cadre:<person>` and `Relative:<person>`, and facts: `Home:<person>.<fact>`. */
const PERSON =
  /^(?:(?:Cadre|Relative):|[A-Z][A-Za-z]{1,40}:(?=[^.]+\.))([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/;
type Named = { document: DocumentNode | undefined; operation: OperationDefinitionNode };

/** The fields at the root, also where they stand in fragments. */
function rootFieldNodes({ document, operation }: Named): FieldNode[] {
  const fragments = document ? fragmentsOf(document) : {};
  const been = new Set<string>();
  const fields = (selections: readonly SelectionNode[]): FieldNode[] =>
    selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return [node];
      if (node.kind === Kind.INLINE_FRAGMENT) return fields(node.selectionSet.selections);
      const fragment = fragments[node.name.value];
      if (!fragment || been.has(node.name.value)) return [];
      been.add(node.name.value);
      return fields(fragment.selectionSet.selections);
    });
  return fields(operation.selectionSet.selections);
}

const labels = new WeakMap<OperationDefinitionNode, string>();

/** `Panorama(official)`: the caller's name for it, and what it really asks for. */
export function operationLabel(named: Partial<Named>): string {
  const { document, operation } = named;
  if (!operation) return 'unreadable';
  // Apollo keeps the parsed document of a repeated text.
  const known = labels.get(operation);
  if (known !== undefined) return known;
  const names = rootFieldNodes({ document, operation }).map(({ name }) => name.value);
  const called = operation.name?.value ?? operation.operation;
  const label = withoutNumbers(`${called}(${[...new Set(names)].join(',')})`);
  labels.set(operation, label);
  return label;
}

function argumentValue(argument: ArgumentNode, variables: Variables): unknown {
  if (argument.value.kind === Kind.STRING) return argument.value.value;
  if (argument.value.kind === Kind.VARIABLE) return variables[argument.value.name.value];
  return undefined;
}

/** The key of the person a root field's argument names, by global id or by identity number. */
function personNamed(argument: ArgumentNode, variables: Variables, identityKey: Secret) {
  const value = argumentValue(argument, variables);
  if (typeof value !== 'string') return undefined;
  if (argument.name.value === 'id') return PERSON.exec(value)?.[1];
  if (argument.name.value !== 'idNumber') return undefined;
  const number = canonicalNumber(value);
  return number && personKey(identityKey, 'resident-id', number);
}

/** The person an operation names at its root, when it names one. */
export function personAskedFor(
  { document, operation }: Partial<Named>,
  variables: Variables,
  identityKey: Secret,
): string | undefined {
  if (!operation) return undefined;
  return rootFieldNodes({ document, operation })
    .flatMap((field) => field.arguments ?? [])
    .map((argument) => personNamed(argument, variables, identityKey))
    .find((person) => person !== undefined);
}

/** Control characters would forge lines where a log is shown. */
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const LONGEST_PURPOSE = 200;

/** Header text is Latin-1, so a Chinese purpose arrives percent-encoded. */
export function purposeOf(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  const text = withoutNumbers(decoded(header.slice(0, 3 * 3 * LONGEST_PURPOSE)));
  const clean = text.replace(CONTROLS, ' ').trim().slice(0, LONGEST_PURPOSE);
  return clean === '' ? undefined : clean;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
