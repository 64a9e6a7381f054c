import { listOf, numberOf, textOf, textsOf } from './shapes.ts'

type Read = Parameters<typeof textOf>[0]

export type PlannedApi = {
  readonly api: string
  readonly calls: number
  readonly seconds: number
  readonly basis: string
  readonly permissions: readonly string[]
}

export type SecretPlan = {
  readonly secretId: string
  readonly apis: readonly PlannedApi[]
  readonly calls: number
  readonly seconds: number
  readonly policies: readonly object[]
  readonly notes: readonly string[]
  readonly errorCode: string
  readonly errorMessage: string
}

export type CollectorPlan = {
  readonly pluginId: string
  readonly pluginVersion: string
  readonly predicts: boolean
  readonly permissions: readonly string[]
  readonly calls: number
  readonly seconds: number
  readonly secrets: readonly SecretPlan[]
}

/** What the commands read of a plan, as leniently as of everything else. */
export function toCollectorPlan(from: Read): CollectorPlan {
  return {
    pluginId: textOf(from, 'plugin_id'),
    pluginVersion: textOf(from, 'plugin_version'),
    predicts: from.predicts === true,
    permissions: textsOf(from, 'permissions'),
    calls: numberOf(from, 'calls'),
    seconds: numberOf(from, 'seconds'),
    secrets: listOf(from, 'secrets').map(toSecretPlan),
  }
}

function toSecretPlan(from: Read): SecretPlan {
  return {
    secretId: textOf(from, 'secret_id'),
    apis: listOf(from, 'apis').map((api) => ({
      api: textOf(api, 'api'),
      calls: numberOf(api, 'calls'),
      seconds: numberOf(api, 'seconds'),
      basis: textOf(api, 'basis'),
      permissions: textsOf(api, 'permissions'),
    })),
    calls: numberOf(from, 'calls'),
    seconds: numberOf(from, 'seconds'),
    policies: listOf(from, 'policies'),
    notes: textsOf(from, 'notes'),
    errorCode: textOf(from, 'error_code'),
    errorMessage: textOf(from, 'error_message'),
  }
}
