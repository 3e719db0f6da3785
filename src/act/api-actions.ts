/** What the API may ask of the queue; main wires it. The queue is told ids only. */
export type ApiActions = {
  startSync(feedId: string, requestedBy: string): Promise<{ syncRunId: string }>;
  startCorrelation(asOf: string | undefined, requestedBy: string): Promise<{ nightId: string }>;
};
