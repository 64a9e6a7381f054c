type Tag = { readonly Key?: string | undefined; readonly Value?: string | undefined }
type SmallTag = { readonly key?: string | undefined; readonly value?: string | undefined }

/** Tags as most services list them. */
export function tagsOf(list: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (list ?? []).flatMap(({ Key, Value = '' }) => (Key === undefined ? [] : [[Key, Value]])),
  )
}

/** The same for services that write `key` and `value`. */
export function smallTagsOf(list: readonly SmallTag[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (list ?? []).flatMap(({ key, value = '' }) => (key === undefined ? [] : [[key, value]])),
  )
}

/** The tag by which people name what has no name of its own; else the id. */
export function nameOf(list: readonly Tag[] | undefined, id: string | undefined): string | undefined {
  return list?.find(({ Key }) => Key === 'Name')?.Value || id
}
