import type { JsonObject, TaskOptions } from '@gleaner/sdk'
import { createArmApi } from './arm-api.ts'
import type { Context } from './options.ts'
import { findSubscriptions } from './subscriptions.ts'

/** A task's share of the work. */
export type Task = {
  readonly subscriptions: readonly string[]
  /** Whether it looks for subscriptions that are not seen any more, which is for one task to do. */
  readonly looksForLost: boolean
}

/**
 * A server takes a thousand parts of a job; where there are more subscriptions, a task reads several, one
 * after the other.
 */
const MOST_TASKS = 800

/**
 * One task for each subscription; one that only looks for lost ones where the credential sees none at all.
 */
export async function getTasks(ctx: Context): Promise<readonly TaskOptions[]> {
  const chosen = chosenSubscriptions(ctx)
  const ids = chosen ?? (await findSubscriptions(createArmApi(ctx)))
  return sharesOf(ids).map((subscriptions, at) => ({
    subscriptions: [...subscriptions],
    ...(at === 0 && chosen === undefined ? { looks_for_lost: true } : {}),
  }))
}

/** The ids in as many shares as there are tasks; one that is empty where there are none. */
export function sharesOf(ids: readonly string[]): readonly (readonly string[])[] {
  const size = Math.max(1, Math.ceil(ids.length / MOST_TASKS))
  const count = Math.max(1, Math.ceil(ids.length / size))
  return Array.from({ length: count }, (_, at) => ids.slice(at * size, (at + 1) * size))
}

/**
 * The subscriptions that options or secret name, in lower case; undefined when it is all that the credential
 * sees.
 */
export function chosenSubscriptions({
  options,
  secretData,
}: Pick<Context, 'options' | 'secretData'>): readonly string[] | undefined {
  const { subscriptions } = options
  const { subscription_id: own } = secretData
  if (subscriptions.length > 0) return [...new Set(subscriptions.map((id) => id.toLowerCase()))].toSorted()
  return own === undefined || own === '' ? undefined : [own.toLowerCase()]
}

/** Reads what `getTasks` wrote; undefined is a call that was not split. */
export function readTask({ looks_for_lost: looks, subscriptions }: JsonObject): Task | undefined {
  if (!Array.isArray(subscriptions)) return undefined
  return { subscriptions: subscriptions.map(String), looksForLost: looks === true }
}
