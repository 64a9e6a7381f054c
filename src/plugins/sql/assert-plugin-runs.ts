import type { Transaction } from '../../storage/index.ts'
import { PluginDisabled } from '../registry.ts'

const PLUGIN_STATE = 'select state from plugin where domain_id = $1 and plugin_id = $2'

/**
 * Refuses to start anything on a plugin that was disabled in its domain. For whoever holds a collector and
 * nothing else.
 */
export async function assertPluginRuns(
  tx: Transaction,
  key: { readonly domainId: string; readonly pluginId: string },
  consequence: string,
): Promise<void> {
  if ((await stateOf(tx, key)) === 'DISABLED') throw new PluginDisabled(key.pluginId, consequence)
}

/**
 * Answers by transaction. One that plans for hundreds of collectors asks for the same few plugins again and
 * again.
 */
const asked = new WeakMap<Transaction, Map<string, Promise<string | undefined>>>()

async function stateOf(
  tx: Transaction,
  { domainId, pluginId }: { readonly domainId: string; readonly pluginId: string },
): Promise<string | undefined> {
  const answers = asked.get(tx) ?? new Map<string, Promise<string | undefined>>()
  asked.set(tx, answers)
  const name = `${domainId} ${pluginId}`
  const answer =
    answers.get(name) ??
    tx.query<{ state: string }>(PLUGIN_STATE, [domainId, pluginId]).then(([plugin]) => plugin?.state)
  answers.set(name, answer)
  return await answer
}
