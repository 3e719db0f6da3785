/** Progress a person can follow: one line per step, with counts and seconds; live on a terminal. */
export type Steps = {
  /** Runs a step; its result's `note` stands at the end of the line. */
  run<T>(zh: string, en: string, work: (report: Report) => Promise<Result<T>>): Promise<T>;
  say(line: string): void;
};
export type Report = (step: string, done: number, total?: number) => void;
export type Result<T> = { value: T; note?: string };

const TICK_MS = 200;

export function openSteps(out: NodeJS.WriteStream = process.stdout): Steps {
  return {
    say: (line) => out.write(`${line}\n`),
    async run(zh, en, work) {
      const started = performance.now();
      let shownAt = 0;
      const title = `${zh} ${en}`;
      const report: Report = (step, done, total) => {
        if (!out.isTTY || performance.now() - shownAt < TICK_MS) return;
        shownAt = performance.now();
        const share = total ? ` ${Math.floor((100 * done) / total)}%` : ` ${done}`;
        out.write(`\r\x1b[K… ${title} · ${step}${share}`);
      };
      const end = (mark: string, note: string) => {
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        out.write(`${out.isTTY ? '\r\x1b[K' : ''}${mark} ${title} ${note}(${seconds} s)\n`);
      };
      try {
        const { value, note } = await work(report);
        end('✓', note ? `${note} ` : '');
        return value;
      } catch (error) {
        end('✗', '');
        throw error;
      }
    },
  };
}
