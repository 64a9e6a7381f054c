/** Tells what patterns such as `microsoft.insights/*` mean: `*` stands for anything, and case does not count. */
export function createExcluder(patterns: readonly string[]): (type: string) => boolean {
  const all = patterns.map((pattern) => pattern.toLowerCase().split('*'))
  return (type) => all.some((parts) => consistsOf(type.toLowerCase(), parts))
}

/** Each part is taken where it stands first. A regular expression made of a caller's patterns could take for ever. */
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
