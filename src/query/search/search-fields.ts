/**
 * The short names people write in a search, and what each means. Beside these every path of the API can be
 * written.
 */
export type SearchFields = Readonly<Record<string, SearchField>>

export type SearchField =
  /** A path of the API. `colon` is what `field:value` does, by default the same as `=`. */
  | { readonly kind: 'path'; readonly path: string; readonly colon?: ColonMeaning }
  /** `tag.KEY`: what follows the first dot is a key below `path`. */
  | { readonly kind: 'map'; readonly path: string }
  /** `kind:Group/Type`: parts of a name, joined by slashes; `least` of the last ones must be there. */
  | { readonly kind: 'parts'; readonly paths: readonly string[]; readonly least: number }

/** `part`: the value occurs in it, in any case. `upper case`: equal to the value in upper case. */
export type ColonMeaning = 'part' | 'upper case'
