/** Fields of a cloud service that rules may look at; besides them, paths into its documents. */
export const FIELD_KEYS: readonly string[] = [
  'name',
  'provider',
  'account',
  'cloud_service_group',
  'cloud_service_type',
  'region_code',
  'instance_type',
  'instance_size',
  'ip_addresses',
  'project_id',
  'reference.resource_id',
  'reference.external_link',
]

const DOCUMENT_PATH = /^(data|tags|metadata)\.[^.]/
const MAX_LENGTH = 255

/** Why a rule cannot look at this key; undefined when it can. */
export function keyProblem(key: string): string | undefined {
  if (key.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`
  if (FIELD_KEYS.includes(key) || DOCUMENT_PATH.test(key)) return undefined
  return `'${key}' is none of ${FIELD_KEYS.join(', ')}, nor a path that begins with data., tags. or metadata.`
}

const TARGETS = {
  project: { fields: ['project_id', 'name'], path: /^tags\.[^.]/, paths: 'tags.' },
  service_account: {
    fields: ['service_account_id', 'name'],
    path: /^(tags|data)\.[^.]/,
    paths: 'tags. or data.',
  },
} as const
export type Matched = keyof typeof TARGETS

/** The target of a match that names none: the id. */
export function defaultTarget(matched: Matched): string {
  return TARGETS[matched].fields[0]
}

/** Why a project or service account cannot be found by this; undefined when it can. */
export function targetProblem(matched: Matched, target: string): string | undefined {
  const { fields, path, paths } = TARGETS[matched]
  if (target.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`
  if (fields.some((field) => field === target) || path.test(target)) return undefined
  return `'${target}' is none of ${fields.join(', ')}, nor a path that begins with ${paths}`
}
