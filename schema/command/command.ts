/**
 * A mutation, whole: its `input`, its payload and what it does, said once. A payload always says what
 * became of the command, also where it was refused or where reading the object back failed afterwards:
 * `outcome` is known before anything is read.
 */
import type { InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { ApiActions } from '../../src/act/api-actions.ts';
import type { CommandContext } from '../../src/act/command.ts';
import { isUserError } from '../../src/act/user-errors.ts';
import { HubError } from '../../src/base/errors.ts';
import { builder, type Context, type Row, words } from '../builder.ts';
import type { RowRef, Said, Types } from '../fields.ts';
import { closedList } from '../inputs.ts';
import { UserError, type UserErrorRow, userErrorOf } from './user-error.type.ts';

declare module '../builder.ts' {
  interface Context {
    commands: CommandContext;
    actions: ApiActions;
    /** Codes of commands of this request that were refused, for the access log. */
    refusals: Set<string>;
  }
}

const CommandOutcome = closedList('CommandOutcome', ['操作结果', 'What became of a command'], {
  done: ['已执行并留痕', 'Carried out, and on record'],
  unchanged: ['此前已是如此，无须变更', 'It was so already; nothing changed'],
  refused: ['未执行，原因见 userErrors', 'Not carried out; userErrors says why'],
});

/** Global ids of what the payload shows, by the payload's fields. */
type Ids = Readonly<Record<string, string | undefined>>;
export type Done = { ids: Ids; isUnchanged?: boolean | undefined };

type Payload = {
  outcome: string;
  ids: Ids;
  userErrors: readonly UserErrorRow[];
  clientMutationId: string | null;
};

type InputFields = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

type Command<Fields extends InputFieldMap> = Said & {
  input(t: InputFields): Fields;
  /** Objects of the payload, read back with the caller's own grants and walls. */
  shows: Readonly<Record<string, Said & { type: RowRef }>>;
  /** Ids that the payload gives as well: a run has one before it has a row. */
  showsId?: Readonly<Record<string, Said & { of: string }>>;
  run(input: InputShapeFromFields<Fields>, context: Context): Promise<Done>;
  /** What is shown where the command was refused: the object as it stands, if it may be seen. */
  asItIs?(input: InputShapeFromFields<Fields>): Ids;
};

/** Pothos knows the argument by its generic type only. */
const inputOf = (args: object) =>
  (args as { input: { clientMutationId?: string | null } & Record<string, unknown> }).input;

const pascal = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

const payloadOf = (name: string, { shows, showsId = {}, grant, zh, en }: Command<InputFieldMap>) =>
  builder.objectRef<Payload>(`${pascal(name)}Payload`).implement({
    description: words(`${zh}：结果`, `${en}: what became of it`),
    fields: (t) => ({
      outcome: t.field({
        ...{ grant, zh: '结果', en: 'What became of it', type: CommandOutcome },
        resolve: ({ outcome }) => outcome,
      }),
      userErrors: t.field({
        ...{ grant, zh: '未执行的原因', en: 'Why it was not carried out', type: [UserError] },
        resolve: ({ userErrors }) => userErrors,
      }),
      clientMutationId: t.string({
        ...{ grant, zh: '调用方给出的编号，原样返回', en: 'As the client gave it' },
        nullable: true,
        resolve: ({ clientMutationId }) => clientMutationId,
      }),
      ...Object.fromEntries(
        Object.entries(showsId).map(([field, { of, ...said }]) => [
          field,
          t.id({ ...said, nullable: true, resolve: ({ ids }) => ids[of] }),
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(shows).map(([field, said]) => [
          field,
          t.field({
            ...said,
            nullable: true,
            resolve: ({ ids }, _, { reader, actor, seen }, info) => {
              const id = ids[field];
              return id === undefined ? null : reader.object<Row | null>(info, id, actor, seen);
            },
          }),
        ]),
      ),
    }),
  });

/** Adds a mutation `name(input: …Input!): …Payload`. */
export function command<Fields extends InputFieldMap>(name: string, said: Command<Fields>): void {
  const { grant, zh, en, run, asItIs } = said;
  const input = builder.inputType(`${pascal(name)}Input`, {
    description: words(`${zh}：输入`, `${en}: input`),
    fields: (t) => ({
      ...said.input(t),
      clientMutationId: t.string({
        description: words('调用方自定的编号，原样返回', 'The client’s own number, given back'),
      }),
    }),
  });
  // The compiler cannot see that fields of one generic are fields of another.
  const payload = payloadOf(name, said as unknown as Command<InputFieldMap>);
  builder.mutationField(name, (t) =>
    t.field({
      ...{ grant, zh, en, type: payload },
      nullable: true,
      args: { input: t.arg({ type: input, required: true, description: words('输入', 'Input') }) },
      resolve: async (_, args, context): Promise<Payload> => {
        const { clientMutationId = null, ...given } = inputOf(args);
        const asked = given as InputShapeFromFields<Fields>;
        try {
          const { ids, isUnchanged } = await run(asked, context);
          const outcome = isUnchanged ? 'UNCHANGED' : 'DONE';
          return { outcome, ids, userErrors: [], clientMutationId };
        } catch (error) {
          if (!(error instanceof HubError && isUserError(error))) throw error;
          context.refusals.add(error.code);
          const ids = asItIs?.(asked) ?? {};
          return { outcome: 'REFUSED', ids, userErrors: [userErrorOf(error)], clientMutationId };
        }
      },
    }),
  );
}
