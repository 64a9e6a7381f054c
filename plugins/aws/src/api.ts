import { PluginError, retry, Throttled } from '@gleaner/sdk'
import { type Attempt, classify, isGone } from './errors.ts'
import type { Context } from './options.ts'
import type { Place } from './place.ts'

/** What a kind of resource is read with: one service, in one region of one account. */
export type Api<Sdk> = {
  /** The service's package: its commands. */
  readonly sdk: Sdk
  readonly place: Place
  /** Sends a command: paced, repeated where it failed in passing, and its failure classified. */
  readonly send: <Output>(command: CommandOf<Output>) => Promise<Output>
  /**
   * The pages of a list: `read` asks for one by its token, `next` finds the token of the following one,
   * `items` what the page holds. A token that comes again is an error, since the list would go round for
   * ever.
   */
  readonly pages: <Page, Item>(
    read: (token: string | undefined) => Promise<Page>,
    next: (page: Page) => string | undefined,
    items: (page: Page) => readonly Item[] | undefined,
  ) => AsyncGenerator<readonly Item[]>
  /** What a list holds that is answered at once. */
  readonly page: <Item>(items: Promise<readonly Item[] | undefined>) => AsyncGenerator<readonly Item[]>
  /**
   * Asks for more about the items of a list, so many at a time as AWS takes, and passes on what is made of
   * each part.
   */
  readonly batches: <Item, More>(
    list: AsyncIterable<readonly Item[]>,
    size: number,
    load: (part: readonly Item[]) => Promise<readonly More[]>,
  ) => AsyncGenerator<readonly More[]>
  /**
   * A list of what belongs to something; it ends where that has gone meanwhile, and what belonged to it with
   * it.
   */
  readonly whileThere: <Item>(list: AsyncIterable<Item>) => AsyncGenerator<Item>
  /** An answer, or undefined where there is none: AWS calls it an error when something was never set. */
  readonly ifAny: <Output>(answer: Promise<Output>) => Promise<Output | undefined>
}

/** A command by what it answers, whichever service it is of. */
export type CommandOf<Output> = {
  resolveMiddleware(
    stack: never,
    configuration: never,
    options: never,
  ): (args: never) => Promise<{ output: Output }>
}

/**
 * What a client can do here. It is never destroyed: that would close the connections of all, which they share
 * and which end with the session.
 */
export type Client = {
  send(command: never, options: { abortSignal: AbortSignal }): Promise<unknown>
}

export type ApiContext = {
  readonly call: Pick<Context, 'signal' | 'limiter'>
  readonly service: string
  readonly place: Place
  readonly attempt: Attempt
  readonly onCall?: (() => void) | undefined
}

export function createApi<Sdk>(sdk: Sdk, client: Client, context: ApiContext): Api<Sdk> {
  const { place } = context
  const send = <Output>(command: CommandOf<Output>) => sendWith(client, command, context)
  return { sdk, place, send, pages: eachPage, page: onePage, batches: eachBatch, whileThere, ifAny }
}

/** One call: in its turn, again when it was refused for the rate or failed in passing. */
export async function sendWith<Output>(
  client: Client,
  command: CommandOf<Output>,
  { attempt, call, onCall, place, service }: ApiContext,
): Promise<Output> {
  // Accounts, regions and services each have buckets of their own.
  const limiter = call.limiter(`${service}/${place.account}/${place.region}`)
  const once = async () => {
    onCall?.()
    try {
      return asOutput<Output>(await client.send(asSendable(command), { abortSignal: call.signal }))
    } catch (error) {
      call.signal.throwIfAborted()
      throw classify(error, attempt)
    }
  }
  return retry(() => limiter.run(once, call.signal).catch(explain), {
    signal: call.signal,
    onRetry: limiter.noteRetry,
  })
}

async function* eachPage<Page, Item>(
  read: (token: string | undefined) => Promise<Page>,
  next: (page: Page) => string | undefined,
  items: (page: Page) => readonly Item[] | undefined,
): AsyncGenerator<readonly Item[]> {
  const seen = new Set<string>()
  let token: string | undefined
  do {
    const page = await read(token)
    yield items(page) ?? []
    token = next(page) || undefined
    if (token !== undefined && seen.has(token))
      throw new PluginError('ERROR_PAGING', 'the list cannot be followed: AWS gave the same token twice', {
        retryable: true,
      })
    if (token !== undefined) seen.add(token)
  } while (token !== undefined)
}

async function* onePage<Item>(items: Promise<readonly Item[] | undefined>): AsyncGenerator<readonly Item[]> {
  yield (await items) ?? []
}

async function* eachBatch<Item, More>(
  list: AsyncIterable<readonly Item[]>,
  size: number,
  load: (part: readonly Item[]) => Promise<readonly More[]>,
): AsyncGenerator<readonly More[]> {
  for await (const page of list) {
    for (let at = 0; at < page.length; at += size) yield await load(page.slice(at, at + size))
  }
}

async function* whileThere<Item>(list: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* list
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

async function ifAny<Output>(answer: Promise<Output>): Promise<Output | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

function explain(error: unknown): never {
  if (!(error instanceof Throttled)) throw error
  throw new PluginError('ERROR_THROTTLED', `${error.message}, again and again`, {
    status: 'RESOURCE_EXHAUSTED',
    cause: error,
  })
}

/** Claims that a client takes the commands of its own service, which is all that a service's module makes. */
function asSendable(command: object): never {
  return command as never
}

/** Claims that a command answers what its type says. */
function asOutput<Output>(answer: unknown): Output {
  return answer as Output
}
