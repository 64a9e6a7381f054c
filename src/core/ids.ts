import { randomBytes } from 'node:crypto'

/** The kinds of id that Gleaner makes, each with the prefix the reference implementation gives it. */
const PREFIXES = {
  domain: 'domain',
  collector: 'collector',
  schedule: 'sched',
  job: 'job',
  jobTask: 'job_task',
  cloudService: 'cloud-svc',
  cloudServiceType: 'cloud-svc-type',
  region: 'region',
  record: 'record',
  project: 'project',
  serviceAccount: 'sa',
  secret: 'secret',
  secretGroup: 'secret-grp',
  plugin: 'plugin',
  collectorRule: 'collector-rule',
  apiKey: 'api-key',
  webhook: 'webhook',
  acceptance: 'acceptance',
  request: 'req',
} as const

type IdKind = keyof typeof PREFIXES

declare const idKind: unique symbol

/**
 * A string that is known to be the id of one kind of thing, so that a task id cannot be passed as a job id.
 */
export type Id<K extends IdKind> = string & { readonly [idKind]: K }

/** Makes a new id: the kind's prefix, a dash and 12 lowercase hex digits (48 random bits). */
export function newId<K extends IdKind>(kind: K): Id<K> {
  return asId(`${PREFIXES[kind]}-${randomBytes(6).toString('hex')}`)
}

/** Claims that a stored or looked-up string is an id of this kind; it checks nothing. */
export function asId<K extends IdKind>(text: string): Id<K> {
  return text as Id<K>
}

const MADE = new RegExp(`^(?:${Object.values(PREFIXES).join('|')})-[0-9a-f]{12}$`)

/** Whether a text is an id that `newId` can have made. */
export function isMadeId(text: string): boolean {
  return MADE.test(text)
}
