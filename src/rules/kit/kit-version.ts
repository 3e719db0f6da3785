/**
 * The version of what all rules share. A rule's own version says what the rule asks; this one says with
 * which common parts it was asked, so that a change here is one bump and not one for every rule.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

export const KIT_FILE: string = fileURLToPath(new URL('kit.yml', import.meta.url));

export const KIT_VERSION: number = z
  .strictObject({ version: z.int().positive() })
  .parse(parse(readFileSync(KIT_FILE, 'utf8'))).version;
