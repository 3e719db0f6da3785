/**
 * From a document to a plan: one SQL statement for a whole query, compiled once for each (document,
 * operation, roles, shape of the variables) and kept as long as the document is. `undefined` where
 * a resolver has to take part (mutations, introspection).
 */
import {
  type DocumentNode,
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
import { type Fragments, fragmentsOf, start, type Variables } from './compilation.ts';
import { planOf } from './compile-object.ts';
import { type CostLimits, checkCost, hasFixedCost } from './cost.ts';
import { invalidRequest } from './refused-request.ts';
import { shapeOfVariables } from './shape.ts';
import { rootStatement, type Statement } from './statement.ts';

export type Plan = {
  statement: Statement;
  variables: Variables;
  actor: Actor;
};

/** An operation as it was sent. */
export type Asked = {
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Readonly<Record<string, unknown>> | null | undefined;
};
export type Request = Asked & { actor: Actor };

const MOST_PER_DOCUMENT = 64;

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
  throw name === '' || /\d{6}/.test(name)
    ? invalidRequest('变量的类型或值不符', 'a variable has the wrong type or value')
    : invalidRequest(`变量 ${name} 的类型或值不符`, `variable ${name} has the wrong type or value`);
}

/** graphql-js refuses arguments in its own words, which quote values. */
export function asRequestError(error: unknown): unknown {
  return error instanceof GraphQLError && !(error.originalError instanceof HubError)
    ? invalidRequest('参数的类型或值不符', 'an argument has the wrong type or value', error)
    : error;
}

/** How much an operation may ask for, and how much of that this one does. */
export type Cost = { objects: number; most: number };

export function createPlanner(schema: GraphQLSchema, roles: RoleTable, limits: CostLimits) {
  const counted = new WeakMap<OperationDefinitionNode, number>();
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

  function read({ document, operationName, ...request }: Asked) {
    const operation = getOperationAST(document, operationName);
    if (!operation) return undefined;
    const definitions = operation.variableDefinitions ?? [];
    const variables = coerceVariables(schema, definitions, request.variables);
    const known = counted.get(operation);
    if (known !== undefined) return { operation, definitions, variables, objects: known };
    const objects = checkCost({ schema, document, operation, variables, limits });
    // Apollo keeps the parsed document of a repeated text.
    if (hasFixedCost(operation)) counted.set(operation, objects);
    return { operation, definitions, variables, objects };
  }

  /** Refuses what asks for too much. */
  function costOf(request: Asked): Cost {
    return { objects: read(request)?.objects ?? 0, most: limits.objects };
  }

  /** Refuses that, too, and what the actor may not ask; the plan is ready to run for this actor only. */
  function planOperation(request: Request): Plan | undefined {
    const { document, actor } = request;
    const known = read(request);
    return known && planKnown(document, actor, known);
  }

  function planKnown(
    document: DocumentNode,
    actor: Actor,
    { operation, definitions, variables }: NonNullable<ReturnType<typeof read>>,
  ): Plan | undefined {
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
  }

  return { costOf, planOperation };
}
