import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { toError } from '../core/errors.ts'
import { UsageError } from './failures.ts'
import { type PluginFlags, readPluginFlags } from './plugin-flags.ts'

type PluginInput = ReturnType<typeof readPluginFlags>

export const REPLAY_FLAG = [
  '--replay <option=file>',
  'serve a recording of the provider’s API, and give its address as that option, such as url=recordings/api.json',
] as const

/**
 * Does something with what a plugin is called with, while the recording that the flags name, if any, is
 * served.
 */
export async function withPluginInput<T>(
  flags: PluginFlags & { readonly replay?: string },
  work: (input: PluginInput) => Promise<T>,
): Promise<T> {
  const input = readPluginFlags(flags)
  if (flags.replay === undefined) return await work(input)
  const { file, option } = readReplay(flags.replay)
  // Loaded here, since hardly anything needs the test kit of the SDK.
  const { startRecordedProvider } = await import('@gleaner/sdk/testing')
  const secrets = textsIn(input.secretData)
  const provider = await startRecordedProvider(file, { record: '', secrets })
  try {
    return await work({ ...input, options: { ...input.options, [option]: provider.url } })
  } finally {
    await provider.stop()
  }
}

function readReplay(given: string) {
  const [, option, name] = /^(\w+)=(.+)$/s.exec(given) ?? []
  if (option === undefined || name === undefined)
    throw new UsageError('--replay must be OPTION=FILE, such as url=recordings/api.json')
  const file = resolve(name)
  try {
    if (Array.isArray(JSON.parse(readFileSync(file, 'utf8')))) return { file, option }
  } catch (error) {
    throw new UsageError(`--replay: ${toError(error).message}`)
  }
  throw new UsageError(`--replay: ${name} holds no recording`)
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
