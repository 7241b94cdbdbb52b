import { z } from 'zod';
import type { SettingValue } from './setting-value';

const settingValueSchema: z.ZodType<SettingValue> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('known'), value: z.union([z.string(), z.number(), z.boolean(), z.null()]) }),
    z.strictObject({ kind: z.literal('list'), items: z.array(settingValueSchema), open: z.boolean() }),
    z.strictObject({
      kind: z.literal('map'),
      entries: z.array(z.strictObject({ key: z.string(), value: settingValueSchema })),
      open: z.boolean(),
    }),
    z.strictObject({
      kind: z.literal('environment'),
      names: z.array(z.string()),
      guarded: z.boolean(),
      outcomes: z.array(z.strictObject({ set: z.record(z.string(), z.string()).nullable(), value: settingValueSchema })),
    }),
    z.strictObject({ kind: z.literal('choice'), options: z.array(settingValueSchema) }),
    z.strictObject({ kind: z.literal('unknown'), why: z.string() }),
    z.strictObject({ kind: z.literal('unset') }),
    z.strictObject({ kind: z.literal('rejected') }),
  ]),
);

const codeSightingSchema = z.strictObject({
  rule: z.string(),
  file: z.string(),
  line: z.int().positive(),
  /** What is there, for example the call and what stands in it. */
  what: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
});

/** What `assets/audit_project.py` answers about a project. */
export const projectFactsSchema = z.strictObject({
  /** Folder of the manage.py that matters, '' for the top; null without one. */
  manageFolder: z.string().nullable(),
  settingsModules: z.array(z.string()),
  /** The settings that production most likely runs with; null when there are none. */
  settings: z
    .strictObject({
      file: z.string(),
      chosenBecause: z.string(),
      /** 1 and 2: named for production; 3 to 5: the default of an entry point; 8: nothing else there; from 10: made for development. */
      rank: z.int(),
      values: z.record(z.string(), z.strictObject({ value: settingValueSchema, file: z.string(), line: z.int().positive() })),
      /** Why other names may be set in a way that was not seen, else null. */
      open: z.string().nullable(),
      problem: z.string().nullable(),
      /** Files that were evaluated. */
      modules: z.array(z.string()),
    })
    .nullable(),
  code: z.array(codeSightingSchema),
  /** Models that no migration knows, and the like. */
  migrations: z.array(codeSightingSchema),
  tests: z.strictObject({ files: z.int().nonnegative(), functions: z.int().nonnegative() }),
  /** Dotted modules that the project's own code imports, tests left out. */
  imports: z.array(z.string()),
  problems: z.array(z.strictObject({ file: z.string(), why: z.string() })),
});

export type ProjectFacts = z.infer<typeof projectFactsSchema>;
export type SettingsFacts = NonNullable<ProjectFacts['settings']>;
export type CodeSighting = z.infer<typeof codeSightingSchema>;
