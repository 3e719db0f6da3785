/**
 * The one count of what an operation may ask for, before any resolver or SQL runs: how many objects it
 * may give at worst, page sizes multiplied down the tree, whether they come from a literal, a variable, a
 * default or are missing. Questions about the schema count like questions about data.
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { type AnyField, fragmentsOf, MOST_PER_PAGE, type Variables } from './compilation.ts';
import type { PageExtensions } from './field-plan.ts';
import { askedPage } from './page-size.ts';
import { tooCostly } from './refused-request.ts';
import { schemaListSize } from './schema-size.ts';

/** How deep selections may lie in one another, and how many objects may be asked for at worst. */
export type CostLimits = { readonly depth: number; readonly objects: number };
export const COST_LIMITS: CostLimits = { depth: 10, objects: 100_000 };

/** How long a list that hangs on one object usually is: counted where the request does not say. */
const USUAL = 10;
/** A wrapped type is deep by nature; half of the types asked for have one more wrapping. */
const SCHEMA_DEPTH = 16;
const WRAPPED = 0.5;
/** GraphQL builds these itself, object by object, where a row comes as finished text. */
const SCHEMA_WEIGHT = 5;

export type CostRequest = {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** As GraphQL coerced them, so that defaults are among them. */
  variables: Variables;
  limits: CostLimits;
};

/** What an argument will be; undefined or null where it is missing. */
const argumentOf = (value: ValueNode | undefined, { variables }: CostRequest): unknown =>
  value && valueFromASTUntyped(value, { ...variables });

const given = (node: FieldNode, name: string, request: CostRequest): unknown =>
  argumentOf(node.arguments?.find((each) => each.name.value === name)?.value, request);

/** Rows of the page a field asks for; undefined where it has none. */
function pageOf(node: FieldNode, field: AnyField, request: CostRequest): number | undefined {
  const first = field.args.find(({ name }) => name === 'first');
  if (!first) return undefined;
  const asked = askedPage((name) => given(node, name, request));
  if (asked !== undefined) return asked;
  const byDefault = typeof first.defaultValue === 'number' ? first.defaultValue : MOST_PER_PAGE;
  return isListType(getNullableType(field.type)) ? Math.min(byDefault, USUAL) : byDefault;
}

/** A page that stands around its rows. */
const isPage = ({ extensions }: GraphQLNamedType): boolean =>
  (extensions as Partial<PageExtensions>).isPage === true;

/** Members of a list that has no page, and is not the rows of one. */
function lengthOf(node: FieldNode, { args }: AnyField, request: CostRequest): number {
  const ids = args.some(({ name }) => name === 'ids') ? given(node, 'ids', request) : undefined;
  return Array.isArray(ids) ? ids.length : USUAL;
}

type At = {
  type: string;
  depth: number;
  times: number;
  /** Rows of the page whose lists these are: `nodes` and `edges` of a connection. */
  page: number | undefined;
  /** One type of the schema that the caller came to, rather than each in turn. */
  isChosen: boolean;
};

/** Refuses operations that may ask for more than the limits; returns the count. */
export function checkCost(request: CostRequest): number {
  const { schema, document, operation, limits } = request;
  const fragments = fragmentsOf(document);
  let objects = 0;

  const add = (more: number) => {
    objects += more;
    if (objects > limits.objects) {
      throw tooCostly(
        `最多可取 ${limits.objects} 个对象`,
        `it asks for more than ${limits.objects} objects`,
      );
    }
  };

  const fieldOf = (type: string, name: string): AnyField | undefined => {
    if (name === '__schema') return SchemaMetaFieldDef;
    if (name === '__type') return TypeMetaFieldDef;
    const parent = schema.getType(type);
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  };

  const enterField = (node: FieldNode, at: At) => {
    const field = fieldOf(at.type, node.name.value);
    if (!field || !node.selectionSet || !isCompositeType(getNamedType(field.type))) return;
    const type = getNamedType(field.type).name;
    const isOfSchema = type.startsWith('__');
    const isList = isListType(getNullableType(field.type));
    const page = pageOf(node, field, request);
    const listed = () =>
      isOfSchema
        ? schemaListSize(schema, field.name, at.isChosen)
        : (page ?? at.page ?? lengthOf(node, field, request));
    const once = field.name === 'ofType' ? WRAPPED : 1;
    const times = at.times * (isList ? listed() : once);
    add(isOfSchema ? times * SCHEMA_WEIGHT : times);
    const depth = at.depth + (isPage(getNamedType(field.type)) ? 0 : 1);
    if (depth > (isOfSchema ? SCHEMA_DEPTH : limits.depth))
      throw tooCostly('嵌套过深', 'nested too deeply');
    const isChosen = at.isChosen || (type === '__Type' && field.name !== 'types');
    enter(node.selectionSet, { type, depth, times, page: isList ? undefined : page, isChosen });
  };

  const enter = ({ selections }: SelectionSetNode, at: At) => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) enterField(selection, at);
      else {
        const isInline = selection.kind === Kind.INLINE_FRAGMENT;
        const part = isInline ? selection : fragments[selection.name.value];
        const type = part?.typeCondition?.name.value ?? at.type;
        if (part) enter(part.selectionSet, { ...at, type });
      }
    }
  };

  const root = schema.getRootType(operation.operation);
  if (root) {
    const at = { type: root.name, depth: 1, times: 1, page: undefined, isChosen: false };
    enter(operation.selectionSet, at);
  }
  return Math.ceil(objects);
}

/** A variable that is an id, a text or a date cannot be a page size; any other might, or hold one. */
const ALIKE = new Set(['ID', 'String', 'Date', 'DateTime', 'Boolean']);
export const hasFixedCost = ({ variableDefinitions = [] }: OperationDefinitionNode): boolean =>
  variableDefinitions.every(({ type }) => {
    const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
    return named.kind === Kind.NAMED_TYPE && ALIKE.has(named.name.value);
  });
