import { z } from 'zod'
import { isLabel } from '../core/label.ts'
import { list, type Options, seconds } from './option.ts'

/** What a process does, and how much of it. */
export const WORK_OPTIONS = {
  roles: {
    env: 'GLEANER_ROLES',
    about: 'What this process does: api, worker, scheduler, or several of them, separated by commas.',
    schema: list(z.enum(['api', 'worker', 'scheduler'])).default(['api', 'worker', 'scheduler']),
  },
  workerCapacity: {
    env: 'GLEANER_WORKER_CAPACITY',
    about: 'Job tasks that run at the same time in this process.',
    schema: z.coerce.number().int().min(1).max(64).default(4),
  },
  workerLabels: {
    env: 'GLEANER_WORKER_LABELS',
    about:
      'What collectors may select this worker by: zone=a,gpu=yes. Without machine=… it gets one that names this machine.',
    schema: list(z.string().refine(isLabel, 'a label is written key=value')).default([]),
  },
  unservedTimeoutSeconds: {
    env: 'GLEANER_UNSERVED_TIMEOUT_SECONDS',
    about: 'How long a job task waits when no live worker carries the labels it needs, before it fails.',
    schema: seconds(30 * 86_400).default(600),
  },
  maxTasksPerDomain: {
    env: 'GLEANER_MAX_TASKS_PER_DOMAIN',
    about: 'Job tasks of one domain that run at the same time on all servers; 0 is no limit.',
    schema: z.coerce.number().int().min(0).max(10_000).default(0),
  },
  maxTasksPerProvider: {
    env: 'GLEANER_MAX_TASKS_PER_PROVIDER',
    about: 'Job tasks of one provider that run at the same time on all servers; 0 is no limit.',
    schema: z.coerce.number().int().min(0).max(10_000).default(0),
  },
  taskTimeoutSeconds: {
    env: 'GLEANER_TASK_TIMEOUT_SECONDS',
    about: 'Longest time one attempt of a job task may take.',
    schema: seconds(7 * 86_400).default(6 * 3_600),
  },
  schedulesIgnorePluginSupport: {
    env: 'GLEANER_SCHEDULES_IGNORE_PLUGIN_SUPPORT',
    about: 'Whether kinds of schedules are allowed that a plugin does not say it supports.',
    schema: z.stringbool().or(z.boolean()).default(false),
  },
  coverageMinReceiptSpacing: {
    env: 'GLEANER_COVERAGE_MIN_RECEIPT_SPACING',
    about: 'Seconds after which a complete run counts misses again.',
    schema: z.coerce.number().int().min(0).max(86_400).default(600),
  },
  coverageReleasesHolds: {
    env: 'GLEANER_COVERAGE_RELEASES_HOLDS',
    about: 'Whether a hold ends by itself after three receipts over 24 hours.',
    schema: z.stringbool().or(z.boolean()).default(false),
  },
} as const satisfies Options
