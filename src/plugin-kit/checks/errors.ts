import type { JsonObject } from '@bufbuild/protobuf'
import { SecretData } from '../../core/secret-data.ts'
import { type PluginConnection, PluginError } from '../../plugins/index.ts'
import type { Finding } from '../finding.ts'
import type { Workbench } from '../workbench.ts'

/** Options that no plugin can mean. */
const NONSENSE: JsonObject = { __no_such_option__: { nested: [1] } }

/** A call that cannot work fails with a code, so that a program can tell what to do. */
export async function checkErrors(
  plugin: PluginConnection,
  { input, signal }: Workbench,
): Promise<readonly Finding[]> {
  const secretData = new SecretData({})
  const tries: [string, () => Promise<unknown>][] = [
    ['options that do not exist', () => plugin.init({ ...input.options, ...NONSENSE }, signal)],
    ['no secret', () => plugin.verify({ options: input.options, secretData }, signal)],
  ]
  return Promise.all(tries.map(([what, run]) => findingOf(what, run)))
}

async function findingOf(tried: string, run: () => Promise<unknown>): Promise<Finding> {
  const check = `errors: ${tried}`
  const thrown = await run().then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown === undefined) return { check, verdict: 'passed', what: 'accepted' }
  if (!(thrown instanceof PluginError)) throw thrown
  const fatal = ['ERROR_PLUGIN_DIED', 'ERROR_PLUGIN_TIMEOUT', 'ERROR_PLUGIN_MEMORY'].includes(thrown.code)
  if (fatal)
    return {
      check,
      verdict: 'failed',
      what: thrown.message,
      advice: 'Answer with an error in place of ending.',
    }
  if (thrown.code !== 'ERROR_PLUGIN') return { check, verdict: 'passed', what: `refused with ${thrown.code}` }
  return {
    check,
    verdict: 'warning',
    what: `refused without a code: ${thrown.message}`,
    advice:
      'Begin the details of the gRPC status with `ERROR_CODE: `, and choose a status that says whose fault it is.',
  }
}
