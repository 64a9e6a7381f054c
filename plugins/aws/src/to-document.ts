/** Told by the resource itself, under `tags`, so that their order is no change. */
const TOLD_ELSEWHERE = ['$metadata', 'Tags', 'TagSet', 'TagList', 'tags']

type Shape = { readonly omit?: readonly string[]; readonly unordered?: readonly string[] }

/**
 * The document of a resource: what AWS answered, in its own names, without what changes by itself. Bytes
 * become Base64 and sorted lists are sorted by their content.
 */
export function toDocument(answer: object, { omit = [], unordered = [] }: Shape): object {
  const copy = copyOf(answer)
  for (const path of [...TOLD_ELSEWHERE, ...omit]) change(copy, path.split('.'), () => undefined)
  for (const path of unordered) change(copy, path.split('.'), sorted)
  return copy
}

function copyOf(answer: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, copyValue(value)]))
}

function copyValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(copyValue)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return copyOf(value)
}

/** Replaces what the path leads to, in each item where it leads through lists; undefined takes it away. */
function change(at: unknown, path: readonly string[], replace: (value: unknown) => unknown): void {
  if (Array.isArray(at)) {
    for (const item of at) change(item, path, replace)
    return
  }
  const [key = '', ...rest] = path
  if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return
  const value: unknown = Reflect.get(at, key)
  if (rest.length > 0) {
    change(value, rest, replace)
    return
  }
  const replaced = replace(value)
  if (replaced === undefined) Reflect.deleteProperty(at, key)
  else Reflect.set(at, key, replaced)
}

function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const keyed = value.map((item) => ({ item, key: JSON.stringify(item) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ item }) => item)
}
