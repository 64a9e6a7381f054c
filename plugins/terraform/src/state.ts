import { type JsonObject, PluginError } from '@gleaner/sdk'
import { type AttributePath, redactAttributes, redactOutput, SHORTEST_SECRET, secretTexts } from './redact.ts'
import { type WithoutTexts, withoutTexts } from './without-texts.ts'

/** A state as the plugin uses it: what is sensitive has already been replaced. */
export type State = {
  /** The state's own id: the same for its whole life, wherever it is stored. */
  readonly lineage: string
  readonly resources: readonly StateResource[]
  readonly outputs: readonly {
    readonly name: string
    readonly isSensitive: boolean
    readonly value: unknown
  }[]
}

export type StateResource = {
  readonly module: string
  readonly type: string
  readonly name: string
  readonly provider: string
  readonly instances: readonly StateInstance[]
}

export type StateInstance = {
  readonly key: string | number | undefined
  readonly deposed: string | undefined
  readonly isTainted: boolean
  readonly attributes: JsonObject
  readonly dependencies: readonly string[]
}

/**
 * The parts of a state file of version 4 that are read; everything else, such as `private`, is left where it
 * is.
 */
type RawState = {
  readonly version?: number
  readonly encrypted_data?: string
  readonly lineage?: string
  readonly resources?: readonly RawResource[]
  readonly outputs?: Readonly<Record<string, { readonly value?: unknown; readonly sensitive?: boolean }>>
}

type RawResource = {
  readonly mode: string
  readonly module?: string
  readonly type: string
  readonly name: string
  readonly provider: string
  readonly instances?: readonly RawInstance[]
}

type RawInstance = {
  readonly index_key?: string | number
  readonly deposed?: string
  readonly status?: string
  readonly attributes?: JsonObject
  readonly attributes_flat?: JsonObject
  readonly sensitive_attributes?: readonly AttributePath[]
  readonly dependencies?: readonly string[]
}

/** Reads a state. Data sources are left out: Terraform has looked at them and does not manage them. */
export function parseState(text: string): State {
  const raw = parse(text)
  if (typeof raw.encrypted_data === 'string')
    throw unreadable('is encrypted by OpenTofu; what `tofu state pull` prints is the same state in the clear')
  if (raw.version !== 4)
    throw unreadable(
      `is of version ${String(raw.version)}; 4 can be read, as Terraform 0.12 and later write it`,
    )
  if (typeof raw.lineage !== 'string' || raw.lineage === '') throw unreadable('has no lineage')
  if (!Array.isArray(raw.resources)) throw unreadable('has no list of resources')
  const clean = withoutTexts(secretsOf(raw))
  const managed: readonly RawResource[] = raw.resources.filter(({ mode }) => mode === 'managed')
  return {
    lineage: raw.lineage,
    resources: managed.map(({ instances = [], module = '', name, provider, type }) => {
      return {
        module,
        name,
        provider,
        type,
        instances: instances.map((each) => readInstance(type, each, clean)),
      }
    }),
    outputs: Object.entries(raw.outputs ?? {}).map(([name, { sensitive = false, value }]) => ({
      name,
      isSensitive: sensitive,
      value: clean(redactOutput(name, value, sensitive)),
    })),
  }
}

/** What is marked anywhere in the state, by the instances of data sources too, and by outputs. */
function secretsOf({ outputs = {}, resources = [] }: RawState): readonly string[] {
  const instances = resources.flatMap(({ instances = [] }) => instances)
  return [
    ...instances.flatMap((raw) => secretTexts(attributesOf(raw), raw.sensitive_attributes ?? [])),
    ...Object.values(outputs).flatMap(({ sensitive, value }) =>
      sensitive === true && typeof value === 'string' && value.length >= SHORTEST_SECRET ? [value] : [],
    ),
  ]
}

function readInstance(type: string, raw: RawInstance, clean: WithoutTexts): StateInstance {
  return {
    key: raw.index_key,
    deposed: raw.deposed,
    isTainted: raw.status === 'tainted',
    attributes: clean(redactAttributes(type, attributesOf(raw), raw.sensitive_attributes ?? [])),
    dependencies: (raw.dependencies ?? []).toSorted(),
  }
}

function attributesOf({ attributes, attributes_flat: flat }: RawInstance): JsonObject {
  return attributes ?? flat ?? {}
}

/** Claims the shape of a state file; version, lineage and resources are checked by the caller. */
function parse(text: string): RawState {
  try {
    return (JSON.parse(text) ?? {}) as RawState
  } catch {
    // The parser's message quotes the text, and with it what may be secret.
    throw unreadable('is no JSON; it may be empty, encrypted or cut off')
  }
}

function unreadable(why: string): PluginError {
  return new PluginError('ERROR_STATE', `the state ${why}`, { status: 'FAILED_PRECONDITION' })
}
