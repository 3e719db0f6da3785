/** What a document counts for before anybody asks it: its variables at their defaults, absent where they have none. */
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  valueFromASTUntyped,
} from 'graphql';
import { type CostLimits, checkCost } from './cost.ts';

/** Objects at worst; throws request.too-costly where the document is beyond the limits as it stands. */
export function costAsDeclared(
  schema: GraphQLSchema,
  document: DocumentNode,
  limits: CostLimits,
): number {
  const operation = getOperationAST(document);
  if (!operation) return 0;
  const variables = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
  return checkCost({ schema, document, operation, variables, limits });
}
