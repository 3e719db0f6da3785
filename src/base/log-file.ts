/** Where lines of the log go. A disk that is full loses lines; it does not end a hub that serves. */
import { chmodSync, createWriteStream, existsSync } from 'node:fs';

/** Appends lines to a file that only its owner can read, an older one included. */
export function logFile(path: string): (line: string) => void {
  if (existsSync(path)) chmodSync(path, 0o600);
  let file = open();
  function open() {
    const opened = createWriteStream(path, { flags: 'a', mode: 0o600 });
    // A stream that failed takes no more; the next line tries again.
    opened.on('error', () => opened.destroy());
    return opened;
  }
  return (line) => {
    if (file.destroyed) file = open();
    file.write(line);
  };
}

/** The same for what the supervisor does with our output: a full disk there is not our end. */
export function outliveOutput(...outputs: NodeJS.WriteStream[]): void {
  for (const output of outputs) output.on('error', () => undefined);
}
