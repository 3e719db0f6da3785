/** How long the lists are that introspection gives, measured once on the schema it is asked of. */
import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

type Sizes = Readonly<Record<string, { mean: number; most: number }>>;

const measured = new WeakMap<GraphQLSchema, Sizes>();

const of = (lengths: readonly number[]) => ({
  mean: Math.ceil(lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length)),
  most: Math.max(1, ...lengths),
});

function measure(schema: GraphQLSchema): Sizes {
  const types = Object.values(schema.getTypeMap());
  const fields = types.map((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  const one = (length: number) => ({ mean: length, most: length });
  return {
    types: one(types.length),
    directives: one(schema.getDirectives().length),
    fields: of(fields.map(({ length }) => length)),
    args: of(fields.flat().map(({ args }) => args.length)),
    enumValues: of(types.map((type) => (isEnumType(type) ? type.getValues().length : 0))),
    inputFields: of(
      types.map((type) => (isInputObjectType(type) ? Object.keys(type.getFields()).length : 0)),
    ),
    possibleTypes: of(
      types.map((type) => (isInterfaceType(type) ? schema.getPossibleTypes(type).length : 0)),
    ),
    interfaces: of(types.map((type) => (isObjectType(type) ? type.getInterfaces().length : 0))),
  };
}

/**
 * Members of such a list for one parent: on average where all types are listed, else (a caller who walks
 * from field to type to field chooses where) as many as the longest has.
 */
export function schemaListSize(schema: GraphQLSchema, list: string, isChosen: boolean): number {
  const sizes = measured.get(schema) ?? measure(schema);
  measured.set(schema, sizes);
  const size = sizes[list];
  if (!size) return sizes.fields?.most ?? 1;
  return isChosen ? size.most : size.mean;
}
