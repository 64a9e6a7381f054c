import type { JsonObject } from '@bufbuild/protobuf'
import { documentViolations } from '../core/document-violations.ts'
import { type GleanerError, InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { nameViolations, tooLong } from '../core/field-violations.ts'
import { NO_SELECTION, type SecretSelection } from '../secrets/index.ts'
import type { UpgradeMode } from './collector.ts'
import { priorityViolations } from './priority-violations.ts'
import { selectorViolations } from './selector-violations.ts'

/** What a caller asks for. Undefined means that the caller did not say. */
export type CreateCollectorInput = {
  readonly domainId: string
  readonly name: string
  readonly priority: number | undefined
  readonly tags: JsonObject
  readonly isPublic: boolean | undefined
  readonly projectId: string
  readonly plugin: PluginInput | undefined
}

export type PluginInput = {
  readonly pluginId: string
  readonly version: string
  readonly options: JsonObject
  readonly metadata: JsonObject
  readonly upgradeMode: UpgradeMode | undefined
  readonly selection: SecretSelection
}

/** The same after the defaults are filled in. */
export type NewCollector = {
  readonly domainId: string
  readonly name: string
  readonly priority: number
  readonly tags: JsonObject
  readonly isPublic: boolean
  readonly projectId: string
  readonly plugin: PluginInput & { readonly upgradeMode: UpgradeMode }
}

const DEFAULT_PRIORITY = 10

const NO_PLUGIN: PluginInput = {
  pluginId: '',
  version: '',
  options: {},
  metadata: {},
  upgradeMode: undefined,
  selection: NO_SELECTION,
}

/** What speaks against the values of a new collector, whatever they refer to. */
export function newCollectorViolations(input: CreateCollectorInput): GleanerError[] {
  const { name, priority = DEFAULT_PRIORITY, tags } = input
  return [
    ...nameViolations(name),
    ...priorityViolations(priority),
    ...documentViolations('tags', tags),
    ...visibilityViolations(input),
    ...pluginViolations(input.plugin ?? NO_PLUGIN),
  ]
}

/** Fills in what was left out. */
export function toNewCollector(input: CreateCollectorInput): NewCollector {
  const { domainId, name, priority = DEFAULT_PRIORITY, tags, projectId, plugin = NO_PLUGIN } = input
  return {
    domainId,
    name,
    priority,
    tags,
    projectId,
    isPublic: input.isPublic ?? projectId === '',
    plugin: { ...plugin, upgradeMode: plugin.upgradeMode ?? 'AUTO' },
  }
}

function visibilityViolations({ isPublic, projectId }: CreateCollectorInput): GleanerError[] {
  if (isPublic === false && projectId === '') return [new RequiredParameter('project_id')]
  if (isPublic === true && projectId !== '') {
    const reason = 'a public collector belongs to no project. Leave it out, or set is_public to false'
    return [new InvalidParameter('project_id', reason)]
  }
  return tooLong('project_id', projectId, 40)
}

function pluginViolations({ pluginId, selection }: PluginInput): GleanerError[] {
  return [...tooLong('plugin_info.plugin_id', pluginId, 255), ...selectorViolations(selection)]
}
