/**
 * An Apollo plugin between the answer and the caller. It runs reads as one SQL statement whose text
 * goes out unparsed, and it writes the access-log entry *before* anything is handed out: if the entry
 * cannot be written, the answer is an error and holds no data.
 *
 * An entry names the persons whose rows are in the answer; the statement that read them says so. A question
 * that was asked before is expected to show the same ones: its entry is on its way to the disk while
 * PostgreSQL reads, and the answer waits for both. Should it show others, or fail, an entry that says so
 * follows, and is waited for as well.
 *
 * A command writes its own entry in its own transaction; here what its payload shows or its failure is added.
 */
import {
  type ApolloServerPlugin,
  type GraphQLRequestContext,
  type GraphQLRequestListener,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import { GraphQLError, Kind } from 'graphql';
import type { Actor } from '../access/actor.ts';
import type { AccessEntry, AccessLog, AccessOutcome } from '../audit/access-log.ts';
import { HubError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import { asHubError } from '../platform/foreign-errors.ts';
import { refusals } from '../platform/metrics.ts';
import { type Facts, noteFacts, traced } from '../platform/trace.ts';
import type { Cost, Plan, Reader } from '../read/index.ts';
import { operationLabel, personAskedFor } from './access-entry.ts';
import { maskError } from './mask-error.ts';
import { markOutage } from './outage-status.ts';

export type RequestContext = {
  actor: Actor;
  purpose: string | undefined;
  /** Persons whose rows resolvers read for this request. */
  seen: Set<string>;
  /** Codes of commands that were refused in their payloads. */
  refusals: Set<string>;
  /** Fires when the caller has gone; what is still running for them is cancelled. */
  signal: AbortSignal;
};

/** Marks `data` as text to be spliced into the response as it is. */
export class RawData {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Apollo's `stringifyResult`: reads pass through, everything else is serialised as usual. */
export function stringifyResult(result: { data?: unknown; extensions?: unknown }): string {
  const { data, extensions } = result;
  if (!(data instanceof RawData)) return `${JSON.stringify(result)}\n`;
  const more = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return `{"data":${data.text}${more}}\n`;
}

type Request = GraphQLRequestContext<RequestContext>;

const single = (response: GraphQLResponse) =>
  response.body.kind === 'single' ? response.body.singleResult : undefined;

function outcomeOf(request: Request): AccessOutcome {
  const errors = single(request.response as GraphQLResponse)?.errors ?? [];
  const [first] = errors;
  const [refusal] = request.contextValue.refusals;
  if (!first) return refusal === undefined ? 'ok' : `refused:${refusal}`;
  const code = String(first.extensions?.hubCode ?? 'internal');
  return first.extensions?.kind === 'caller' ? `refused:${code}` : `failed:${code}`;
}

function entryOf(
  request: Request,
  outcome: AccessOutcome,
  persons: readonly string[],
): AccessEntry {
  const { actor, purpose } = request.contextValue;
  return { actorId: actor.id, operation: operationLabel(request), purpose, outcome, persons };
}

/** A command that was carried out is on record already, but not what its payload shows. */
const isLogged = ({ operation }: Request, outcome: AccessOutcome, persons: readonly string[]) =>
  operation?.operation !== 'mutation' || outcome !== 'ok' || persons.length > 0;

/** Kind and root fields: both are the schema's words. The operation's name is the caller's own. */
function factsOf({ operation, schema }: Request): Facts {
  if (!operation) return {};
  const root = schema.getRootType(operation.operation)?.getFields() ?? {};
  const names = operation.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.name.value in root ? [selection.name.value] : [],
  );
  return { 'graphql.operation.type': operation.operation, 'hub.fields': names.sort().join(' ') };
}

export type LoggedReadsOptions = {
  reader: Pick<Reader, 'costOf' | 'planOperation' | 'questionOf' | 'runPlan'>;
  accessLog: AccessLog;
  /** Turns an identity number asked for into the person's key. */
  identityKey: Secret;
  log: Log;
};

/** The plugin. It must be the last of the server's plugins that touches a response body. */
export function loggedReads(options: LoggedReadsOptions): ApolloServerPlugin<RequestContext> {
  const { reader, accessLog, identityKey, log } = options;

  /** Before anything is done for it, and whoever asks. */
  const refuseOversized = ({ request, document, operation }: Request): Cost | undefined => {
    if (!document || !operation) return undefined;
    try {
      const asked = {
        document,
        operationName: operation.name?.value,
        variables: request.variables,
      };
      return reader.costOf(asked);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      throw new GraphQLError(error.message, {
        originalError: error,
        extensions: { http: { status: 400 } },
      });
    }
  };

  /** Whom a plan showed when it was last asked the same. */
  const expected = new WeakMap<object, Map<string, readonly string[]>>();
  const remember = ({ statement }: Plan, question: string, persons: readonly string[]) => {
    const known = expected.get(statement) ?? new Map<string, readonly string[]>();
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(question, persons);
    expected.set(statement, known);
  };

  /** Done when whoever is to be on record for this answer is. */
  const enter = async (request: Request, { rows, ahead, shown, isAsExpected }: Reading) => {
    const outcome = outcomeOf(request);
    const { seen, refusals: refused } = request.contextValue;
    for (const code of refused) refusals.inc({ code });
    // What failed in a part may show somebody in another.
    const hasData = Boolean(single(request.response as GraphQLResponse)?.data);
    const persons = hasData ? [...new Set([...shown, ...seen])] : [];
    await ahead;
    if (ahead && outcome === 'ok' && isAsExpected) return;
    if (!isLogged(request, outcome, persons)) return;
    const variables = request.request.variables ?? {};
    const askedFor =
      persons.length === 0 ? personAskedFor(request, variables, identityKey) : undefined;
    await accessLog.write({ ...entryOf(request, outcome, persons), askedFor, rows });
  };

  const listener = (): GraphQLRequestListener<RequestContext> => {
    const reading: Reading = { shown: [], rows: undefined, ahead: undefined, isAsExpected: false };
    let cost: Cost | undefined;
    return {
      async didResolveOperation(request) {
        noteFacts(() => factsOf(request));
        cost = refuseOversized(request);
      },
      async responseForOperation(request) {
        const { document, operationName, contextValue } = request;
        const { actor, signal } = contextValue;
        const { variables } = request.request;
        try {
          const plan = reader.planOperation({ document, operationName, variables, actor });
          if (!plan) return null;
          const question = plan.statement.hasPersons ? reader.questionOf(plan) : '';
          const before = expected.get(plan.statement)?.get(question);
          if (before) {
            reading.ahead = accessLog.write(entryOf(request, 'ok', before));
            reading.ahead.catch(() => undefined);
          }
          const { text, persons } = await traced('statement', factsOf(request), () =>
            reader.runPlan(plan, signal),
          );
          reading.shown = persons;
          reading.isAsExpected = before !== undefined && isSame(before, persons);
          if (!reading.isAsExpected) reading.rows = objectsIn(text);
          if (plan.statement.hasPersons && isWorthExpecting(persons)) {
            if (!reading.isAsExpected) remember(plan, question, persons);
          }
          return replyWith({ data: new RawData(text) as unknown as Record<string, unknown> });
        } catch (error) {
          return replyWith({ data: null, errors: [maskError(error, log)] });
        }
      },
      async willSendResponse(request) {
        try {
          await enter(request, reading);
        } catch (error) {
          log.error('audit.failed', error);
          const known = asHubError(error);
          const isOutage = known.kind === 'transient';
          const spoken = isOutage ? known : new HubError('database.unavailable', {}, error);
          request.response.body = {
            kind: 'single',
            singleResult: { errors: [maskError(spoken, log)] },
          };
        }
        const result = single(request.response);
        if (result && cost) result.extensions = { ...result.extensions, cost };
        markOutage(request.response);
      },
    };
  };
  return { requestDidStart: async () => listener() };
}

type Reading = {
  /** Whose rows the statement gave. */
  shown: readonly string[];
  rows: number | undefined;
  /** The entry written ahead, on its way to the disk. */
  ahead: Promise<void> | undefined;
  isAsExpected: boolean;
};

/** Questions of a plan whose persons are remembered; a person takes some hundred bytes. */
const MOST_REMEMBERED = 2_000;
/** Lists change from one time to the next, and nobody waits for one entry beside them. */
const MOST_EXPECTED = 20;
const isWorthExpecting = ({ length }: readonly string[]) => length > 0 && length <= MOST_EXPECTED;
const isSame = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((person) => other.includes(person));

const OPENING_BRACE = 0x7b;

/** Objects in a JSON text, without its outermost; a brace inside a string counts as one more. */
function objectsIn(text: string): number {
  let count = -1;
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) === OPENING_BRACE) count += 1;
  }
  return count;
}

type SingleResult = Extract<GraphQLResponse['body'], { kind: 'single' }>['singleResult'];

const replyWith = (singleResult: SingleResult): GraphQLResponse => ({
  http: { headers: new HeaderMap() },
  body: { kind: 'single', singleResult },
});
