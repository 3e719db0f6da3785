/**
 * Two requests share a statement when their documents are the same and their variables have the same
 * shape: what is null or empty, which enum values and booleans were sent, of which type a global id is. All
 * else is bound. A page size people really use becomes a literal, because PostgreSQL plans a
 * variable LIMIT anew on every call.
 */
import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  type VariableDefinitionNode,
} from 'graphql';
import { typeNameOf } from './global-id.ts';

const LITERAL_SIZES: ReadonlySet<unknown> = new Set([1, 2, 3, 5, 10, 20, 25, 50, 100]);

/** True if this page size is part of the statement's text rather than bound. */
export const isLiteralSize = (value: unknown): boolean => LITERAL_SIZES.has(value);

function shapeOfString(value: string): string {
  if (value === '') return 'e';
  const name = typeNameOf(value);
  return name === undefined ? 's' : `s:${name}`;
}

function shapeOf(value: unknown, type: GraphQLInputType | undefined): string {
  if (value === null || value === undefined) return '-';
  const inner = type && getNullableType(type);
  if (Array.isArray(value)) {
    const item = isListType(inner) ? inner.ofType : undefined;
    return `[${[...new Set(value.map((each) => shapeOf(each, item)))].sort().join()}]`;
  }
  if (isInputObjectType(inner)) {
    const given = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
    const fields = inner.getFields();
    return `{${given.map(([name, each]) => `${name}${shapeOf(each, fields[name]?.type)}`).join()}}`;
  }
  if (isEnumType(inner) || typeof value === 'boolean') return `=${String(value)}`;
  if (isLiteralSize(value)) return `=${String(value)}`;
  return typeof value === 'string' ? shapeOfString(value) : 'n';
}

/** The part of the plan's key that depends on variables (already coerced). */
export function shapeOfVariables(
  definitions: readonly VariableDefinitionNode[],
  variables: Readonly<Record<string, unknown>>,
  typeOf: (definition: VariableDefinitionNode) => GraphQLInputType | undefined,
): string {
  return definitions
    .map((each) => shapeOf(variables[each.variable.name.value], typeOf(each)))
    .join('|');
}
