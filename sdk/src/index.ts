export type { Limiter, PredictedApi } from './calls/call-meter.ts'
export { createCredential, type Issued } from './calls/credential.ts'
export { HTTP_SECRET, type HttpSecret, httpAuthorization } from './calls/http-secret.ts'
export type { FetchOptions, LimitedFetch } from './calls/limited-fetch.ts'
export type { Network } from './calls/network.ts'
export { pagesByLink, pagesByOffset, pagesByToken, type TokenPage } from './calls/paging.ts'
export { type RetryOptions, retry } from './calls/retry.ts'
export { Throttled } from './calls/throttling.ts'
export type { Connection } from './calls/transport.ts'
export { type CleanRules, cleanDocument } from './clean-document.ts'
export type { CallContext, CollectContext } from './context.ts'
export type {
  FilterDeclaration,
  PluginDeclaration,
  RegionDeclaration,
  ResourceTypeDeclaration,
  TaskOptions,
} from './declaration.ts'
export { definePlugin } from './define-plugin.ts'
export { type FailureStatus, InvalidInput, PluginError } from './errors.ts'
export type { JsonObject, JsonValue } from './json.ts'
export type { Log } from './log.ts'
export { matcherOf } from './match-names.ts'
export type { KnownCell, MeasuredApi, Plan, PlanContext, PlannedApi, TimeBasis } from './plan.ts'
export type { Plugin } from './plugin.ts'
export { runPlugin } from './process/run-plugin.ts'
export type {
  CloudServiceFields,
  ErrorFields,
  ProgressFields,
  RegionFields,
  Relation,
  ScopeFields,
  Yielded,
} from './resources.ts'
export type { FromSchema, JsonSchema, ObjectSchema } from './schema/json-schema.ts'
export { isSecretName, SENSITIVE, withoutPasswords, withoutSecretFlags } from './sensitive.ts'
export { atPath, listAt, textAt } from './values.ts'
