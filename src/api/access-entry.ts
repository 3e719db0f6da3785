/**
 * The words of an access-log entry about one GraphQL operation: names and ids, never a value. Names
 * come from the caller, so a name that carries a long number is not repeated.
 */
import {
  type ArgumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { canonicalNumber } from '../../schema/person/cadre-by-id.ts';
import { personKey } from '../base/person-key.ts';
import type { Secret } from '../base/secret.ts';

type Variables = Readonly<Record<string, unknown>>;

const LONG_NUMBER = /\d{6,}/g;
/** `Cadre:<person>` and `Relative:<person>`, and facts: `Home:<person>.<fact>`. */
const PERSON =
  /^(?:(?:Cadre|Relative):|[A-Z][A-Za-z]{1,40}:(?=[^.]+\.))([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/;
const isField = (node: SelectionNode): node is FieldNode => node.kind === Kind.FIELD;

const rootFields = (operation: OperationDefinitionNode) =>
  operation.selectionSet.selections.map((node) => (isField(node) ? node.name.value : '…'));

/** Reads only the schema, so it concerns nobody. */
export const isIntrospectionOnly = (operation: OperationDefinitionNode): boolean =>
  rootFields(operation).every((name) => name.startsWith('__'));

/** `Panorama(official)`: the caller's name for it, and what it really asks for. */
export function operationLabel(operation: OperationDefinitionNode | undefined): string {
  if (!operation) return 'unreadable';
  const fields = [...new Set(rootFields(operation))].join(',');
  return `${operation.name?.value ?? operation.operation}(${fields})`.replace(LONG_NUMBER, '#');
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

/** The person an operation asks for, when it asks for one. */
export function personAskedFor(
  operation: OperationDefinitionNode | undefined,
  variables: Variables,
  identityKey: Secret,
): string | undefined {
  return (operation?.selectionSet.selections.filter(isField) ?? [])
    .flatMap((field) => field.arguments ?? [])
    .map((argument) => personNamed(argument, variables, identityKey))
    .find((person) => person !== undefined);
}

/** One root field and nothing beside it: an answer about the person it names, or about nobody. */
export const asksOneThing = (operation: OperationDefinitionNode): boolean =>
  operation.selectionSet.selections.length === 1 &&
  operation.selectionSet.selections.every(isField);

/** Header text is Latin-1, so a Chinese purpose arrives percent-encoded. */
export function purposeOf(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  const text = header.slice(0, 600);
  try {
    return decodeURIComponent(text).replace(LONG_NUMBER, '#');
  } catch {
    return text.replace(LONG_NUMBER, '#');
  }
}
