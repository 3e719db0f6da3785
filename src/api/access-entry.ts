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

type Variables = Readonly<Record<string, unknown>>;

const LONG_NUMBER = /\d{6,}/g;
const PERSON = /^(?:[A-Z][A-Za-z]{1,40}:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.|$)/;
/** Arguments of root fields that name one person. */
const PERSON_ARGUMENTS = new Set(['id', 'personId', 'officialId']);

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

/** The person an operation asks for by id, when it asks for one. */
export function personAskedFor(
  operation: OperationDefinitionNode | undefined,
  variables: Variables,
): string | undefined {
  const values = (operation?.selectionSet.selections.filter(isField) ?? [])
    .flatMap((field) => field.arguments ?? [])
    .filter((argument) => PERSON_ARGUMENTS.has(argument.name.value))
    .map((argument) => argumentValue(argument, variables));
  // A global id is `Cadre:<uuid>`, or `Home:<person>.<fact>`.
  const ids = values.map((value) =>
    typeof value === 'string' ? PERSON.exec(value)?.[1] : undefined,
  );
  return ids.find((id) => id !== undefined);
}

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
