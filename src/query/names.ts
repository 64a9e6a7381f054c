/** The name generated messages give a field of the contract: `plugin_info` → `pluginInfo`. */
export function toLocalName(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
