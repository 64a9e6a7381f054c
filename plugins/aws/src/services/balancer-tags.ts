import type { Api } from '../api.ts'

/** As many as one call tells the tags of. */
const TAGGED_AT_ONCE = 20

type Listed<Item, Tags> = {
  readonly list: AsyncIterable<readonly Item[]>
  readonly nameOf: (item: Item) => string | undefined
  /** Asks for the tags of so many names at once. */
  readonly tagsOf: (names: string[]) => Promise<readonly (readonly [name: string | undefined, tags: Tags])[]>
}

/** A list with the tags of each, which both APIs of load balancers tell apart from it. */
export function withTags<Item extends object, Tags>(
  { batches }: Pick<Api<unknown>, 'batches'>,
  { list, nameOf, tagsOf }: Listed<Item, Tags>,
): AsyncGenerator<readonly (Item & { readonly Tags: Tags | undefined })[]> {
  return batches(list, TAGGED_AT_ONCE, async (part) => {
    const tags = new Map(await tagsOf(part.map((item) => nameOf(item) ?? '')))
    return part.map((item) => ({ ...item, Tags: tags.get(nameOf(item)) }))
  })
}
