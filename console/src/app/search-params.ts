type Given = Readonly<Record<string, unknown>>

/** What the address says of a page of a list; nonsense is left out. The first page needs no word. */
export function pageParam({ page }: Given): { page?: number } {
  const number = Number(page)
  return Number.isInteger(number) && number > 1 ? { page: number } : {}
}

/** Texts that the address may carry, by name; empty ones are left out. */
export function textParams<Name extends string>(
  given: Given,
  ...names: readonly Name[]
): { [Each in Name]?: string } {
  const found: { [Each in Name]?: string } = {}
  for (const name of names) {
    const value = given[name]
    // What looks like a number has become one on the way.
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
    if (typeof text === 'string' && text !== '') found[name] = text
  }
  return found
}
