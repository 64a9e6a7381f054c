import { type JsonValue, PluginError } from '@gleaner/sdk'
import type { Context } from './credential.ts'
import type { Paths } from './paths.ts'
import { type Item, readItem } from './read-item.ts'
import { readPages } from './read-pages.ts'

/** What is wrong with the ids of a list, as far as it was read. */
type Problems = { nameless: number; repeated: number }

/**
 * Every item once, page by page. Items without an id, and ids that come again, are told at the end: the
 * others are known by then, but the list is not proven to be complete, because a list that moves while it is
 * read by pages shows items twice and others not at all.
 */
export async function* listItems(ctx: Context, paths: Paths): AsyncGenerator<readonly Item[]> {
  const seen = new Set<string>()
  const problems: Problems = { nameless: 0, repeated: 0 }
  for await (const page of readPages(ctx, paths)) {
    const fresh = freshItems(paths, page, seen, problems)
    yield fresh
    // Nothing new: the API takes no notice of the paging, and would go on for ever.
    if (page.length > 0 && fresh.length === 0) break
  }
  assertNone(problems)
}

/**
 * The first page is enough to know that the address, the credential and the paths are right. Returns how much
 * it holds.
 */
export async function readFirstPage(ctx: Context, paths: Paths): Promise<number> {
  for await (const page of readPages(ctx, paths)) {
    const problems: Problems = { nameless: 0, repeated: 0 }
    const fresh = freshItems(paths, page, new Set(), problems)
    assertNone(problems)
    return fresh.length
  }
  return 0
}

function freshItems(
  paths: Paths,
  page: readonly JsonValue[],
  seen: Set<string>,
  problems: Problems,
): readonly Item[] {
  const fresh: Item[] = []
  for (const raw of page) {
    const item = readItem(paths, raw)
    if (item === undefined) problems.nameless += 1
    else if (seen.has(item.id)) problems.repeated += 1
    else fresh.push(item)
    if (item !== undefined) seen.add(item.id)
  }
  return fresh
}

function assertNone({ nameless, repeated }: Problems): void {
  if (nameless + repeated === 0) return
  throw new PluginError(
    'ERROR_ITEM_ID',
    `options.id finds nothing in ${nameless} items, and ids came again ${repeated} times; is the id unique, and the paging right?`,
    { status: 'FAILED_PRECONDITION' },
  )
}
