import { VISIBILITIES } from '@assay/contracts/grading-report';
import { CRITERION_IDS, type CriterionId } from '@assay/contracts/rubric-ids';
import { z } from 'zod';
import { needsProblems } from './check-order';

/** Variables that the grader sets itself; a pack that names one is refused. */
const GRADER_VARIABLES = /^(PG[A-Z]+|DJANGO_SECRET_KEY|DJANGO_SETTINGS_MODULE|REDIS_URL|SENTRY_DSN|PATH|HOME|LD_.*|PYTHON.*)$/;

const relativePath = z
  .string()
  .regex(/^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\\\0]+$/, 'must be a relative path with "/" and without "." or ".." segments');

/** Everything of it reaches reports, exports and pages. */
const line = z.string().trim().min(1).max(1_000);

/** What a check is out for; each of them can be had for nothing without the other. */
export const CHECK_KINDS = ['positive', 'negative'] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/** One check of a pack: what it is evidence for, and what the candidate reads about it. */
export const checkDefinitionSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-e][1-5]-[a-z0-9]+(-[a-z0-9]+)*$/, 'must be the criterion in lower case, "-" and words joined by "-"'),
    /** File in `hidden-checks/` that exports the function of this id. */
    file: relativePath.regex(/\.ts$/, 'must be a .ts file in hidden-checks/'),
    title: line,
    criterion: z.enum(CRITERION_IDS as [CriterionId, ...CriterionId[]]),
    level: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    points: z.number().positive().max(100),
    visibility: z.enum(VISIBILITIES),
    /** Message for the candidate when the check passed. */
    passed: line,
    /** Message for the candidate when the check failed: what to look at, never hidden inputs or expected values. */
    failed: line,
    /**
     * Ids of checks that must have passed for this one to mean anything: it runs after them, and is skipped when one of them did not pass.
     */
    needs: z.array(line).min(1).optional(),
    /**
     * `positive`: what should work does. `negative`: what should be refused, or stay as it was, does. Read from the code when left out:
     * a check that expects a status of 300 to 499 is negative.
     */
    kind: z.enum(CHECK_KINDS).optional(),
  })
  .refine((check) => check.id.startsWith(`${check.criterion.toLowerCase()}-`), {
    path: ['id'],
    message: 'must start with the criterion of the check',
  });

/** `task.yaml`: everything about a task that is data. Unknown keys are refused. */
export const taskDefinitionSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by "-"'),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 1.0.0'),
  title: line,
  summary: line,
  /** Time that the candidate has from start to submission, in minutes. */
  timeBoxMinutes: z.int().min(5).max(10_080),
  framework: z.strictObject({
    name: z.literal('django'),
    settings: z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, 'must be a dotted Python module'),
    wsgi: z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, 'must be a dotted Python module'),
  }),
  database: z.strictObject({
    engine: z.literal('postgresql'),
    /** Files in `data/`, loaded in this order after the migrations, as the submission's own role. */
    seed: z.array(relativePath.regex(/\.sql$/, 'must be a .sql file in data/')),
  }),
  /**
   * What else a submission gets. `redis`: an empty Redis of its own, named by `REDIS_URL` (`unix:///run/redis/redis.sock`), with what a
   * cache, sessions and locks need; 64 MiB, nothing is thrown away or stored. `monitoring`: a server that takes events as Sentry does, named by `SENTRY_DSN`; checks
   * see what arrived there.
   */
  services: z
    .strictObject({ redis: z.boolean().default(false), monitoring: z.boolean().default(false) })
    .default({ redis: false, monitoring: false }),
  /** Environment that the task statement documents to the candidate. */
  environment: z.record(
    z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, 'must be an upper-case variable name')
      .refine((name) => !GRADER_VARIABLES.test(name), 'is set by the grader itself'),
    z.string(),
  ),
  /**
   * How candidates run the visible checks on their own machines, where that differs from how a submission is graded: the environment of
   * practice runs, in the place of `environment`.
   */
  practice: z
    .strictObject({
      environment: z.record(
        z
          .string()
          .regex(/^[A-Z][A-Z0-9_]*$/, 'must be an upper-case variable name')
          .refine((name) => !GRADER_VARIABLES.test(name), 'is set by the grader itself'),
        z.string(),
      ),
    })
    .optional(),
  limits: z.strictObject({
    /** Until the project serves, migrations included. */
    startSeconds: z.int().min(1).max(300),
    /** All hidden checks together. */
    runSeconds: z.int().min(1).max(900),
    /** One HTTP request. */
    requestSeconds: z.int().min(1).max(60),
    memoryMiB: z.int().min(64).max(8192),
    processes: z.int().min(4).max(1024),
  }),
  /** Glob patterns (`*`, `**`, `?`) on paths in the project. */
  files: z.strictObject({
    editable: z.array(line),
    /** Taken from the starter when grading, whatever was submitted. */
    readOnly: z.array(line),
    /** Part of the starter that the candidate never receives; put in place when grading. */
    hidden: z.array(line),
  }),
  /** Users whose credentials the seed rows hold: checks send these headers with `{ as: name }`. */
  users: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.strictObject({ headers: z.record(z.string().min(1), z.string()) })),
  checks: z
    .array(checkDefinitionSchema)
    .min(1)
    .superRefine((checks, context) => {
      for (const message of needsProblems(checks)) context.addIssue({ code: 'custom', message });
    }),
});

export type TaskDefinition = z.infer<typeof taskDefinitionSchema>;
export type CheckDefinition = z.infer<typeof checkDefinitionSchema>;

/**
 * `expect.json` of a broken solution or attack: exactly these checks do not pass (they fail, err or are skipped), all others do. With `base: reference` its files lie over
 * the reference solution instead of the bare starter, so that a broken solution holds only what is broken in it.
 */
export const expectationSchema = z.strictObject({
  base: z.enum(['starter', 'reference']).default('starter'),
  failed: z.array(z.string().min(1)),
});
export type Expectation = z.infer<typeof expectationSchema>;
