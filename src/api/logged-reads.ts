/**
 * An Apollo plugin between the answer and the caller. It runs reads as one SQL statement whose text
 * goes out unparsed, and it writes the access-log entry *before* anything is handed out: if the entry
 * cannot be written, the answer is an error and holds no data.
 *
 * The entry about one named person needs no count, so it is on its way to the disk while PostgreSQL
 * reads, and the answer waits for both. Should the read fail after all, or show nothing, an entry that
 * says so follows. Every other entry counts the objects of the answer and is written after it.
 *
 * A command writes its own entry in its own transaction; here only its failure is added.
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
import { type Facts, noteFacts, traced } from '../platform/trace.ts';
import type { Reader } from '../read/index.ts';
import {
  asksOneThing,
  isIntrospectionOnly,
  operationLabel,
  personAskedFor,
} from './access-entry.ts';
import { maskError } from './mask-error.ts';
import { markOutage } from './outage-status.ts';

export type RequestContext = {
  actor: Actor;
  purpose: string | undefined;
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
export function stringifyResult(result: { data?: unknown }): string {
  return result.data instanceof RawData
    ? `{"data":${result.data.text}}\n`
    : `${JSON.stringify(result)}\n`;
}

type Request = GraphQLRequestContext<RequestContext>;

const single = (response: GraphQLResponse) =>
  response.body.kind === 'single' ? response.body.singleResult : undefined;

function outcomeOf(request: Request): AccessOutcome {
  const errors = single(request.response as GraphQLResponse)?.errors ?? [];
  const [first] = errors;
  if (!first) return 'ok';
  const code = String(first.extensions?.code ?? 'internal');
  return first.extensions?.kind === 'caller' ? `refused:${code}` : `failed:${code}`;
}

function entryOf(request: Request, identityKey: Secret, outcome: AccessOutcome): AccessEntry {
  const { actor, purpose } = request.contextValue;
  const { operation } = request;
  return {
    actorId: actor.id,
    operation: operationLabel(operation),
    purpose,
    personId: personAskedFor(operation, request.request.variables ?? {}, identityKey),
    outcome,
  };
}

const isLogged = ({ operation }: Request, outcome: AccessOutcome): boolean => {
  if (operation && isIntrospectionOnly(operation)) return false;
  return operation?.operation !== 'mutation' || outcome !== 'ok';
};

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
  reader: Pick<Reader, 'costOf' | 'planOperation' | 'runPlan'>;
  accessLog: AccessLog;
  /** Turns an identity number asked for into the person's key. */
  identityKey: Secret;
  log: Log;
};

/** The plugin. It must be the last of the server's plugins that touches a response body. */
export function loggedReads(options: LoggedReadsOptions): ApolloServerPlugin<RequestContext> {
  const { reader, accessLog, identityKey, log } = options;

  /** Before anything is done for it, and whoever asks: the client hears what it counts for. */
  const refuseOversized = ({ request, document, operation, response }: Request) => {
    if (!document || !operation) return;
    try {
      const asked = {
        document,
        operationName: operation.name?.value,
        variables: request.variables,
      };
      const { objects, most } = reader.costOf(asked);
      response.http.headers.set('x-cost', `${objects}/${most}`);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      throw new GraphQLError(error.message, {
        originalError: error,
        extensions: { http: { status: 400 } },
      });
    }
  };

  /** The entry about the one person asked for, where there is one; settles when it is on disk. */
  const enterAhead = (request: Request): Promise<void> | undefined => {
    const entry = entryOf(request, identityKey, 'ok');
    const isOfOne = request.operation && asksOneThing(request.operation);
    return isOfOne && entry.personId ? accessLog.write(entry) : undefined;
  };

  /** Done when whoever is to be on record for this answer is. */
  const enter = async (
    request: Request,
    { rows, ahead }: { rows: number | undefined; ahead: Promise<void> | undefined },
  ) => {
    const outcome = outcomeOf(request);
    if (!isLogged(request, outcome)) return;
    await ahead;
    if (ahead && outcome === 'ok' && rows !== 0) return;
    await accessLog.write({ ...entryOf(request, identityKey, outcome), rows });
  };

  const listener = (): GraphQLRequestListener<RequestContext> => {
    let rows: number | undefined;
    let ahead: Promise<void> | undefined;
    return {
      async didResolveOperation(request) {
        noteFacts(() => factsOf(request));
        refuseOversized(request);
      },
      async responseForOperation(request) {
        const { document, operationName, contextValue } = request;
        const { actor, signal } = contextValue;
        const { variables } = request.request;
        try {
          const plan = reader.planOperation({ document, operationName, variables, actor });
          if (!plan) return null;
          ahead = enterAhead(request);
          ahead?.catch(() => undefined);
          const { text } = await traced('statement', factsOf(request), () =>
            reader.runPlan(plan, signal),
          );
          rows = ahead && !HOLDS_NOTHING.test(text) ? undefined : objectsIn(text);
          return replyWith({ data: new RawData(text) as unknown as Record<string, unknown> });
        } catch (error) {
          return replyWith({ data: null, errors: [maskError(error, log)] });
        }
      },
      async willSendResponse(request) {
        try {
          await enter(request, { rows, ahead });
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
        markOutage(request.response);
      },
    };
  };
  return { requestDidStart: async () => listener() };
}

/** One thing asked for, and none found. */
const HOLDS_NOTHING = /^\{"\w+":(null|\[\])\}$/;
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
