/**
 * From a document to a plan: one SQL statement for a whole query, compiled once for each (document,
 * operation, roles, shape of the variables) and kept as long as the document is. `undefined` where
 * a resolver has to take part (mutations, introspection).
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { type Actor, settingsOf } from '../access/actor.ts';
import type { Grant } from '../access/grants.ts';
import { grantsOf, type RoleTable } from '../access/roles.ts';
import { HubError } from '../base/errors.ts';
import { checkGrants } from './check-grants.ts';
import { type Fragments, start, type Variables } from './compilation.ts';
import { planOf } from './compile-object.ts';
import { shapeOfVariables } from './shape.ts';
import { rootStatement, type Statement } from './statement.ts';

export type Plan = {
  statement: Statement;
  variables: Variables;
  actor: Actor;
};

export type Request = {
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Readonly<Record<string, unknown>> | null | undefined;
  actor: Actor;
};

const MOST_PER_DOCUMENT = 64;

export const fragmentsOf = (document: DocumentNode): Fragments =>
  Object.fromEntries(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  );

/** Errors of graphql-js quote what the caller sent; the hub says only which variable it was. */
export function coerceVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  given: Request['variables'],
): Variables {
  const { coerced, errors } = getVariableValues(schema, definitions, { ...given });
  if (coerced) return coerced;
  const node = errors[0]?.nodes?.[0];
  const name = node?.kind === Kind.VARIABLE_DEFINITION ? node.variable.name.value : '';
  throw new HubError('request.invalid', { reason: `$${name}` });
}

/** graphql-js refuses arguments in its own words, which quote values. */
export function asRequestError(error: unknown): unknown {
  return error instanceof GraphQLError && !(error.originalError instanceof HubError)
    ? new HubError('request.invalid', { reason: 'arguments' }, error)
    : error;
}

export function createPlanner(schema: GraphQLSchema, roles: RoleTable) {
  const kept = new WeakMap<DocumentNode, Map<string, Statement>>();
  const query = schema.getQueryType();

  function compile(
    operation: OperationDefinitionNode,
    fragments: Fragments,
    variables: Variables,
    grants: ReadonlySet<Grant>,
  ): Statement | undefined {
    checkGrants(schema, operation, fragments, grants);
    if (operation.operation !== 'query' || !query) return undefined;
    const c = start({ schema, fragments, variables, grants });
    const fields = collectFields(
      schema,
      fragments,
      { ...variables },
      query,
      operation.selectionSet,
    );
    const isWhole = [...fields.values()].every(([node]) => {
      const field = query.getFields()[node?.name.value ?? ''];
      return node?.name.value === '__typename' || (field && planOf(field) !== undefined);
    });
    return isWhole ? rootStatement(c, query, fields) : undefined;
  }

  /** Refuses what the actor may not ask; the plan is ready to run for this actor only. */
  return function planOperation(request: Request): Plan | undefined {
    const { document, actor } = request;
    const operation = getOperationAST(document, request.operationName);
    if (!operation) return undefined;
    const definitions = operation.variableDefinitions ?? [];
    const variables = coerceVariables(schema, definitions, request.variables);
    const shape = shapeOfVariables(definitions, variables, (each) => {
      const type = typeFromAST(schema, each.type);
      return isInputType(type) ? type : undefined;
    });
    const key = [operation.name?.value, settingsOf(actor)[1], shape].join('\n');
    const ofDocument = kept.get(document) ?? new Map<string, Statement>();
    const known = ofDocument.get(key);
    if (known) return { statement: known, variables, actor };
    try {
      const grants = grantsOf(actor.roles, roles);
      const statement = compile(operation, fragmentsOf(document), variables, grants);
      if (!statement) return undefined;
      if (ofDocument.size >= MOST_PER_DOCUMENT) ofDocument.clear();
      ofDocument.set(key, statement);
      kept.set(document, ofDocument);
      return { statement, variables, actor };
    } catch (error) {
      throw asRequestError(error);
    }
  };
}
