export type { CallContext, CollectContext } from './context.ts'
export type {
  FilterDeclaration,
  PluginDeclaration,
  RegionDeclaration,
  ResourceTypeDeclaration,
  Schedule,
  TaskOptions,
} from './declaration.ts'
export { definePlugin } from './define-plugin.ts'
export { DeclarationError, type FailureStatus, InvalidInput, PluginError } from './errors.ts'
export type { JsonObject, JsonValue } from './json.ts'
export type { Log } from './log.ts'
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
export { type PluginServer, type ServeOptions, servePlugin } from './server/serve-plugin.ts'
