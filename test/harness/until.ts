/** Waits for a condition of the outside world, with a deadline. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('the condition did not come true');
    await new Promise((done) => setImmediate(done));
  }
}
