/**
 * The one Pothos builder. Every output field names the grant that opens it and says in Chinese and
 * English what it is; without them it does not compile. Defines no type.
 */
import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { Actor } from '../src/access/actor.ts';
import type { Grant } from '../src/access/grants.ts';
import { grantsOf } from '../src/access/roles.ts';
import { HubError } from '../src/base/errors.ts';
import type { FieldPlan, Reader, Seen } from '../src/read/index.ts';

/** What a resolver is given; commands may add to it by declaring more members. */
export interface Context {
  actor: Actor;
  reader: Reader;
  /** Persons whose rows were read for this request, for the access log. */
  seen: Seen;
}

/** A row in the making of an answer: members are response keys. */
export type Row = Readonly<Record<string, unknown>>;

/** The words of a type, field, argument or enum value: Chinese first, English beside it. */
export const words = (zh: string, en: string): string => `${zh} / ${en}`;

export type HubTypes = {
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    Date: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    Yuan: { Input: string; Output: string };
  };
};

/** Puts grant, plan and words where graphql-js and the read path find them. */
class GrantPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>) {
    const { grant, plan, zh, en } = config.pothosOptions;
    return {
      ...config,
      description: words(zh, en),
      extensions: { ...config.extensions, grant, ...(plan ? { plan } : {}) },
    };
  }

  /** The compiler checks what it compiles; this checks fields that have resolvers of their own. */
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const { grant, plan } = config.pothosOptions;
    if (plan) return resolve;
    return (parent, args, context, info) => {
      if (!grantsOf((context as Context).actor.roles).has(grant)) {
        throw new HubError('auth.forbidden');
      }
      return resolve(parent, args, context, info);
    };
  }
}

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      grants: GrantPlugin<Types>;
    }
    interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      grant: Grant;
      zh: string;
      en: string;
      /** How SQL answers it; without it the field needs a resolver. */
      plan?: FieldPlan;
    }
  }
}

SchemaBuilder.registerPlugin('grants', GrantPlugin);

export const builder = new SchemaBuilder<HubTypes>({
  plugins: ['grants'],
  defaultFieldNullability: false,
});
