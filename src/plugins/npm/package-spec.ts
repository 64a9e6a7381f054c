/** A package of a registry, and which of its versions. */
export type PackageSpec = { readonly name: string; readonly range: string }

const NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/
/** Versions, tags and ranges; no paths, addresses or archives, which are other ways to name a package. */
const RANGE = /^[A-Za-z0-9.^~<>=|*+ -]*$/

/** Reads `NAME`, `NAME@RANGE`, `@SCOPE/NAME@RANGE`; a text says what is wrong. */
export function parsePackageSpec(text: string): PackageSpec | string {
  const at = text.indexOf('@', 1)
  const name = at === -1 ? text : text.slice(0, at)
  const range = at === -1 ? '' : text.slice(at + 1)
  if (!NAME.test(name) || name.length > 214)
    return `'${name}' is no name of a package; expected npm:PACKAGE@RANGE`
  if (RANGE.test(range)) return { name, range }
  return `'${range}' is no version or range of versions; expected npm:PACKAGE@RANGE`
}
