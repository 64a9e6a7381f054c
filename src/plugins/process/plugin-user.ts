import { createHash } from 'node:crypto'

/** The unprivileged user (and group of the same number) that a plugin runs as. */
export type PluginUser = { readonly uid: number; readonly gid: number }

/** A range that Linux distributions and systemd leave unassigned. */
const FIRST_UID = 60_600
const UID_COUNT = 500

/**
 * The user for a plugin when the server is root: nobody else's, and another for each plugin, so that plugins
 * can neither touch the server nor read each other's memory and files. Derived from the id, so that a plugin
 * owns its folder again after a restart. Undefined when the server is not root and has no user to give.
 */
export function choosePluginUser(pluginId: string, isRoot: boolean): PluginUser | undefined {
  if (!isRoot) return undefined
  const number = FIRST_UID + (createHash('sha256').update(pluginId).digest().readUInt32BE(0) % UID_COUNT)
  return { uid: number, gid: number }
}

/** Whether this server process is root on a system that has users. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}
