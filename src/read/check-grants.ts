/**
 * Refuses an operation that names a field the actor may not read, wherever it stands: under an
 * alias, in a fragment, behind `@include(if: false)`, on a type the answer would not contain. The
 * decision depends on the document and the roles alone, never on data.
 */
import {
  type ASTNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isIntrospectionType,
  isObjectType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Grant } from '../access/grants.ts';
import { HubError } from '../base/errors.ts';
import type { AnyField } from './compilation.ts';
import { extensionsOf, grantOfType } from './compile-object.ts';

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

function checkNode(schema: GraphQLSchema, node: ASTNode, grants: ReadonlySet<Grant>): string[] {
  const info = new TypeInfo(schema);
  const spreads: string[] = [];
  visit(
    node,
    visitWithTypeInfo(info, {
      Field() {
        const field: AnyField | null | undefined = info.getFieldDef();
        const parent = info.getParentType();
        if (!field || field.name.startsWith('__') || !parent || isIntrospectionType(parent)) return;
        const { grant } = extensionsOf(field);
        const ofType = isObjectType(parent) ? grantOfType(parent) : undefined;
        const isOpen = ofType === undefined || grants.has(ofType);
        if (grant === undefined || !grants.has(grant) || !isOpen) {
          throw new HubError('auth.forbidden');
        }
      },
      FragmentSpread({ name }) {
        spreads.push(name.value);
      },
    }),
  );
  return spreads;
}

export function checkGrants(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  grants: ReadonlySet<Grant>,
): void {
  const seen = new Set<string>();
  const waiting = checkNode(schema, operation, grants);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const fragment = fragments[name];
    if (seen.has(name) || !fragment) continue;
    seen.add(name);
    waiting.push(...checkNode(schema, fragment, grants));
  }
}
