/**
 * Counts the objects an operation may ask for, before any resolver or SQL runs: page sizes multiply
 * down the tree, whether they come from a literal, a variable, a default or are missing.
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { fragmentsOf, isIntrospection, type Limits } from './limits.ts';
import { tooCostly } from './word-document-error.ts';

type Variables = Readonly<Record<string, unknown>>;

export type CostRequest = {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Variables;
  limits: Limits;
};

/** The number an argument will have; anything that is no number counts as too large. */
function numberOf(value: ValueNode, { operation, variables }: CostRequest): number | undefined {
  if (value.kind === Kind.NULL) return undefined;
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind !== Kind.VARIABLE) return Number.POSITIVE_INFINITY;
  const name = value.name.value;
  const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (typeof given === 'number') return given;
  if (given === null) return undefined;
  if (given !== undefined) return Number.POSITIVE_INFINITY;
  const definition = operation.variableDefinitions?.find((d) => d.variable.name.value === name);
  return definition?.defaultValue?.kind === Kind.INT
    ? Number(definition.defaultValue.value)
    : undefined;
}

/** How many objects this field may give for one parent. */
function sizeOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  isInPage: boolean,
  request: CostRequest,
): number {
  const pages = field.args.filter(({ name }) => name === 'first' || name === 'last');
  if (pages.length === 0) {
    return isListType(getNullableType(field.type)) && !isInPage ? request.limits.unpagedList : 1;
  }
  const sizes = pages.flatMap(({ name, defaultValue }) => {
    const written = node.arguments?.find((argument) => argument.name.value === name);
    const size = written && numberOf(written.value, request);
    return [size ?? (typeof defaultValue === 'number' ? defaultValue : undefined)].filter(
      (value) => value !== undefined,
    );
  });
  const largest = sizes.length > 0 ? Math.max(...sizes) : request.limits.defaultPage;
  if (largest > request.limits.page || Math.min(...sizes, 0) < 0) {
    throw tooCostly(
      `每页须为 0–${request.limits.page}`,
      `a page holds 0 to ${request.limits.page}`,
    );
  }
  return Math.max(1, largest);
}

/** Refuses operations that may ask for more than limits.objects objects; returns the count. */
export function checkCost(request: CostRequest): number {
  const { schema, document, operation, limits } = request;
  const fragments = fragmentsOf(document);
  let objects = 0;

  const enterField = (node: FieldNode, typeName: string, times: number, isInPage: boolean) => {
    const parent = schema.getType(typeName);
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const field = hasFields ? parent.getFields()[node.name.value] : undefined;
    if (!field || !node.selectionSet || !isCompositeType(getNamedType(field.type))) return;
    const size = sizeOf(node, field, isInPage, request);
    objects += times * size;
    if (objects > limits.objects) {
      throw tooCostly(
        `最多可取 ${limits.objects} 个对象`,
        `it asks for more than ${limits.objects} objects`,
      );
    }
    const isPage = field.args.some(({ name }) => name === 'first' || name === 'last');
    enter(node.selectionSet, getNamedType(field.type).name, times * size, isPage);
  };

  const enter = (set: SelectionSetNode, typeName: string, times: number, isInPage: boolean) => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        if (!isIntrospection(selection)) enterField(selection, typeName, times, isInPage);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition?.name.value ?? typeName;
        enter(selection.selectionSet, on, times, isInPage);
      } else {
        const fragment = fragments.get(selection.name.value);
        const on = fragment?.typeCondition.name.value ?? typeName;
        if (fragment) enter(fragment.selectionSet, on, times, isInPage);
      }
    }
  };

  const root = schema.getRootType(operation.operation);
  if (root) enter(operation.selectionSet, root.name, 1, false);
  return objects;
}
