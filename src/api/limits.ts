/**
 * How large an operation may be, and the limits that need neither schema nor variables' meaning. They
 * run before validation, because some of GraphQL's own validation rules take quadratic time on
 * hostile documents. What an operation may *cost* is in src/read/cost.ts.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { COST_LIMITS, tooCostly } from '../read/index.ts';

/** A connection and its edges stand around a row and count as no depth in src/read/cost.ts; here they do. */
export const textDepth = (depth: number): number => 3 * depth;

export const LIMITS = {
  tokens: 2_000,
  depth: textDepth(COST_LIMITS.depth),
  /** The same below `__schema`: a type that is wrapped is deep by nature. */
  schemaDepth: 16,
  /** Selections in one set, aliases included. */
  breadth: 120,
  /** Fields after fragments are spread out. */
  fields: 1_500,
  directives: 30,
  definitions: 40,
  variables: 60,
  variableDepth: 8,
};

export type Limits = Readonly<typeof LIMITS>;

type Fragments = Map<string, FragmentDefinitionNode>;

export const fragmentsOf = (document: DocumentNode): Fragments =>
  new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );

const isIntrospection = (field: FieldNode) => field.name.value.startsWith('__');

/** Walks the fields as they will be executed; stops at the first limit, so a bomb costs no more. */
function checkShape(document: DocumentNode, limits: Limits) {
  const fragments = fragmentsOf(document);
  let fields = 0;
  const enter = (set: SelectionSetNode, depth: number, spread: readonly string[], most: number) => {
    if (depth > most) throw tooCostly('嵌套过深', 'nested too deeply');
    for (const selection of set.selections) {
      fields += 1;
      if (fields > limits.fields) throw tooCostly('字段过多', 'too many fields');
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (spread.includes(name)) throw tooCostly('片段引用了自身', 'a fragment contains itself');
        if (fragment) enter(fragment.selectionSet, depth, [...spread, name], most);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        enter(selection.selectionSet, depth, spread, most);
      } else if (selection.selectionSet) {
        const deepest = isIntrospection(selection) ? limits.schemaDepth : most;
        enter(selection.selectionSet, depth + 1, spread, deepest);
      }
    }
  };
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) {
      enter(node.selectionSet, 1, [], limits.depth);
    }
  }
}

/** Limits that need neither schema nor variables. */
export function checkDocument(document: DocumentNode, limits: Limits = LIMITS): void {
  if (document.definitions.length > limits.definitions) {
    throw tooCostly('定义过多', 'too many definitions');
  }
  let directives = 0;
  visit(document, {
    SelectionSet({ selections }) {
      if (selections.length > limits.breadth) throw tooCostly('并列字段过多', 'too many fields');
    },
    Directive() {
      directives += 1;
      if (directives > limits.directives) throw tooCostly('指令过多', 'too many directives');
    },
  });
  checkShape(document, limits);
}

/** Bounds what a caller may bind, without recursion: the values may be nested a hundred thousand deep. */
export function checkVariables(variables: unknown): void {
  let layer: unknown[] = [variables];
  let values = 0;
  for (let depth = 0; layer.length > 0; depth += 1) {
    if (depth > LIMITS.variableDepth)
      throw tooCostly('变量嵌套过深', 'variables nested too deeply');
    layer = layer.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
    values += layer.length;
    if (values > LIMITS.variables) throw tooCostly('变量过多', 'too many variables');
  }
}
