/**
 * Traces of what the hub does and how long it takes: a request and its statements, a sync and its
 * stages, a night and its parts. Spans hold names and counts of closed lists; no query, no variable, no
 * person, no number of one, no message of an error. Nothing of it is loaded or runs unless it is
 * configured.
 */
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { asHubError } from './foreign-errors.ts';

export type SpanName =
  | 'request'
  | 'statement'
  | 'access-log.commit'
  | 'sync'
  | `stage.${'land' | 'normalise' | 'resolve' | 'link'}`
  | 'night'
  | `night.${'prepare' | 'part' | 'commit' | 'help'}`;
export type Facts = Readonly<Record<string, string | number | boolean>>;

const NAME = 'integrity-hub';
let isOn = false;
export const isTracing = (): boolean => isOn;

/** Runs work as a span within the one under way. */
export function traced<T>(name: SpanName, facts: Facts, work: () => Promise<T>): Promise<T> {
  if (!isOn) return work();
  return trace.getTracer(NAME).startActiveSpan(name, { attributes: facts }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('hub.error', asHubError(error).code);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Begins the span of a request and goes on within it, with the function that ends it. */
export function traceRequest(facts: Facts, goOn: (end: (status: number) => void) => void): void {
  const span = trace
    .getTracer(NAME)
    .startSpan('request', { kind: SpanKind.SERVER, attributes: facts });
  const end = (status: number) => {
    span.setAttribute('http.response.status_code', status);
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  context.with(trace.setSpan(context.active(), span), () => goOn(end));
}

/** Adds to the span under way, where there is one. */
export function noteFacts(facts: () => Facts): void {
  if (isOn) trace.getActiveSpan()?.setAttributes(facts());
}

/** Spans go to a collector (OTLP over HTTP). The function given back sends what is left and ends it. */
export async function startTraces(url: string): Promise<() => Promise<void>> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return traceTo(new OTLPTraceExporter({ url }));
}

const LONGEST_END_MS = 5_000;

/** The same with any exporter. */
export async function traceTo(exporter: SpanExporter): Promise<() => Promise<void>> {
  const [{ BatchSpanProcessor, TracerProvider }, { AsyncLocalStorageContextManager }, resources] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/resources'),
    ]);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new TracerProvider({
    // Said whole: detectors would add command lines and host names.
    resource: resources.resourceFromAttributes({ 'service.name': NAME }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  trace.setGlobalTracerProvider(provider);
  isOn = true;
  return async () => {
    isOn = false;
    const late = new Promise<void>((done) => setTimeout(done, LONGEST_END_MS).unref());
    await Promise.race([provider.shutdown().catch(() => undefined), late]);
    trace.disable();
    context.disable();
  };
}
