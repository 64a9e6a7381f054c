/**
 * Whether a name is among patterns in which `*` stands for anything. They are the caller's: a regular
 * expression made of them could take for ever, and would hold up everybody who uses the plugin.
 */
export function matcherOf(patterns: readonly string[]): (name: string) => boolean {
  const all = patterns.map((pattern) => pattern.split('*'))
  return (name) => all.some((parts) => consistsOf(name, parts))
}

/**
 * Each part is taken where it stands first: if there is any way to find them all in this order, then also so.
 */
function consistsOf(name: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return name.length >= at + last.length && name.endsWith(last)
}
