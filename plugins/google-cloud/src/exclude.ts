/** Tells what patterns such as `*.k8s.io/*` mean, in which `*` stands for anything and letters count as they are. */
export function createExcluder(patterns: readonly string[]): (name: string) => boolean {
  const all = patterns.map((pattern) => pattern.split('*'))
  return (name) => all.some((parts) => consistsOf(name, parts))
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
