/**
 * How and from where a department delivers at this installation: one of three shapes. What a feed
 * means stands in connectors/<feed>/feed.yml; ways, places, passwords and limits stand here, because
 * each municipality agrees on them with its own departments.
 */
import { z } from 'zod';
import { Secret } from './secret.ts';
import { cronLine, databaseUrl } from './settings.ts';

/** What an example file says where a secret belongs; never accepted as one. */
export const PLACEHOLDER = 'change-me';
const LEAST_SECRET = 16;

export const secretText = z
  .string()
  .refine((it) => it !== PLACEHOLDER, 'still holds the value of the example file')
  .refine((it) => it.length >= LEAST_SECRET, `must have at least ${LEAST_SECRET} characters`)
  .transform((text) => new Secret(text));

const baseUrl = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username + url.password + url.search + url.hash === ''
  );
}, 'must be an http(s) address without user name, query or fragment');

const common = {
  enabled: z.boolean().default(true),
  schedule: cronLine.optional(),
  maxMegabytes: z.int().min(1).max(100_000).default(2048),
};

/** Sheet of feed.yml → the department's name for it, where that is not the sheet's `source`. */
const names = z.record(z.string(), z.string().min(1)).default({});

export const FEED_SHAPES = {
  'file-drop': z.strictObject({
    ...common,
    folder: z.string().min(1),
    format: z.enum(['csv', 'xlsx', 'ndjson']).optional(),
    charset: z.enum(['utf-8', 'gb18030']).default('utf-8'),
  }),
  'signed-http': z.strictObject({
    ...common,
    baseUrl,
    requester: z.string().min(1),
    service: z.string().min(1).optional(),
    resources: names,
    pageSize: z.int().min(1).max(100_000).default(2000),
    secret: secretText.optional(),
    secretFile: z.string().optional(),
    network: z.enum(['intranet', 'public']).default('intranet'),
    allowHttp: z.boolean().default(false),
  }),
  'front-end-database': z.strictObject({
    ...common,
    databaseUrl: databaseUrl.optional(),
    databaseUrlFile: z.string().optional(),
    tables: names,
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a plain lower-case schema name')
      .default('public'),
  }),
} as const;

type Common = { isEnabled: boolean; schedule: string | undefined; maxBytes: number };
export type FolderSource = Common & {
  kind: 'file-drop';
  folder: string;
  /** The one format agreed; undefined: whichever the file's ending says. */
  format: 'csv' | 'xlsx' | 'ndjson' | undefined;
  /** Of CSV files. */
  charset: 'utf-8' | 'gb18030';
};
export type HttpSource = Common & {
  kind: 'signed-http';
  baseUrl: string;
  /** gjgxjhpt_rid: who asks. */
  requester: string;
  /** gjgxjhpt_sid: the service asked; the resource when absent. */
  service: string | undefined;
  /** Resources by sheet, where they are not the sheet's `source`. */
  resources: Readonly<Record<string, string>>;
  /** Rows asked for at once. */
  pageSize: number;
  secret: Secret;
  network: 'intranet' | 'public';
  allowsHttp: boolean;
};
export type DatabaseSource = Common & {
  kind: 'front-end-database';
  databaseUrl: Secret;
  schema: string;
  /** Exchange tables by sheet, where they are not the sheet's `source`. */
  tables: Readonly<Record<string, string>>;
};
/** Where one feed's deliveries come from. */
export type SourceSettings = FolderSource | HttpSource | DatabaseSource;
