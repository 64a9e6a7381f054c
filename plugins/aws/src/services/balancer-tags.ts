import type { Api } from '../api.ts'

/** As many as one call tells the tags of. */
const TAGGED_AT_ONCE = 20

type Listed<Item, Tags> = {
  readonly list: AsyncIterable<readonly Item[]>
  readonly nameOf: (item: Item) => string | undefined
  /** Asks for the tags of so many names at once. */
  readonly tagsOf: (names: string[]) => Promise<readonly (readonly [name: string | undefined, tags: Tags])[]>
}

/**
 * A list with the tags of each, which both APIs of load balancers tell apart from it. One that has gone since
 * it was listed spoils the answer for all that were asked about with it; then each is asked about alone.
 */
export function withTags<Item extends object, Tags>(
  { batches, ifAny }: Pick<Api<unknown>, 'batches' | 'ifAny'>,
  { list, nameOf, tagsOf }: Listed<Item, Tags>,
): AsyncGenerator<readonly (Item & { readonly Tags: Tags | undefined })[]> {
  return batches(list, TAGGED_AT_ONCE, async (part) => {
    const ask = async (items: readonly Item[]) => {
      const tags = new Map(await tagsOf(items.map((item) => nameOf(item) ?? '')))
      return items.map((item) => ({ ...item, Tags: tags.get(nameOf(item)) }))
    }
    const told = await ifAny(ask(part))
    if (told !== undefined) return told
    const alone = await Promise.all(part.map((item) => ifAny(ask([item]))))
    return alone.flatMap((items) => items ?? [])
  })
}
