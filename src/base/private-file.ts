/** Files that hold secrets: refused where users other than the owner and its group can read them. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { invalid } from './invalid-setting.ts';

const WORLD = 0o007;
const WORLD_WRITE = 0o002;

function modeOf(setting: string, path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) throw invalid(setting, 'no such file');
  return found.mode;
}

/** Windows has no such mode bits; there the folder's own rights must do. */
const refuse = (setting: string, path: string, bits: number, reason: string) => {
  const mode = modeOf(setting, path);
  if (process.platform !== 'win32' && (mode & bits) !== 0) throw invalid(setting, reason);
};

/** The file must not be open to everyone on this machine. */
export const refuseOpenFile = (setting: string, path: string): void =>
  refuse(setting, path, WORLD, 'is open to every user of this machine; chmod 600 it');

/** The one line of a file that only its owner (and group) can read. */
export function readPrivateFile(setting: string, path: string): string {
  refuseOpenFile(setting, path);
  return readText(setting, path);
}

/** A file everyone may read but not everyone may change. */
export function readPublicFile(setting: string, path: string): string {
  refuse(setting, path, WORLD_WRITE, 'can be changed by every user of this machine');
  return readText(setting, path);
}

function readText(setting: string, path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch {
    throw invalid(setting, 'cannot be read by this user');
  }
  if (text === '') throw invalid(setting, 'is empty');
  return text;
}

/**
 * A folder of the hub's own, made if it is not there: nobody else may list or read it. The embedded
 * server cannot run as root, so where we are root its user may pass through.
 */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
}
