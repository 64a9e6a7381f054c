import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isPlugin, type Plugin } from '../plugin.ts'

/**
 * Imports a plugin module by path or package name; its default export must be what `definePlugin` returned.
 */
export async function loadPlugin(specifier: string): Promise<Plugin> {
  const module: { default?: unknown } = await import(toImport(specifier))
  if (isPlugin(module.default)) return module.default
  throw new Error(`'${specifier}' is no plugin: its default export was not made by definePlugin`)
}

function toImport(specifier: string): string {
  const isPath = /^[./]/.test(specifier) || /\.[cm]?[jt]s$/.test(specifier)
  return isPath ? pathToFileURL(resolve(specifier)).href : specifier
}
