import { checkDeclaration } from './check-declaration.ts'
import type { PluginDeclaration } from './declaration.ts'
import { DeclarationError } from './errors.ts'
import { brandPlugin, type Plugin } from './plugin.ts'
import { closeSchema } from './schema/close-schema.ts'
import type { ObjectSchema } from './schema/json-schema.ts'

/** Without a declared schema an object is accepted as it is. */
const ANY_OBJECT: ObjectSchema = { type: 'object' }
/** Without declared options there are none, so every name is a mistake. */
const NO_OPTIONS: ObjectSchema = { type: 'object', properties: {} }

/**
 * Declares a collector plugin. The whole declaration is checked here and every problem is reported at once,
 * in a DeclarationError, so that a plugin either starts correct or not at all.
 */
export function definePlugin<
  const O extends ObjectSchema = ObjectSchema,
  const S extends ObjectSchema = ObjectSchema,
  const T extends string = string,
>(declaration: PluginDeclaration<O, S, T>): Plugin {
  const problems = checkDeclaration(declaration)
  if (problems.length > 0) throw new DeclarationError(String(declaration?.name ?? '(no name)'), problems)
  return brandPlugin(
    asUntyped({
      name: declaration.name,
      version: declaration.version,
      provider: declaration.provider,
      options: closeSchema(declaration.options ?? NO_OPTIONS),
      secret: declaration.secret ?? ANY_OBJECT,
      features: declaration.features ?? [],
      sees: declaration.sees,
      permissions: declaration.permissions ?? [],
      schedules: declaration.schedules ?? ['hours'],
      filters: declaration.filters ?? [],
      resourceTypes: new Map(Object.entries(declaration.resourceTypes)),
      regions: new Map(Object.entries(declaration.regions ?? {})),
      verify: declaration.verify,
      plan: declaration.plan,
      getTasks: declaration.getTasks,
      discoverTypes: declaration.discoverTypes,
      scopes: declaration.scopes,
      collect: declaration.collect,
    }),
  )
}

/**
 * Forgets the author's types of options, secret and type names. Sound because the server hands out nothing
 * that has not passed the declared schemas.
 */
function asUntyped(typed: object): Plugin {
  return typed as Plugin
}
