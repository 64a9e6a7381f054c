import { randomBytes } from 'node:crypto'
import { toError } from '../../core/errors.ts'
import { SecretData } from '../../core/secret-data.ts'
import { type PluginConnection, PluginError } from '../../plugins/index.ts'
import type { Finding } from '../finding.ts'
import { type Run, readRun } from '../read-run.ts'
import type { Workbench } from '../workbench.ts'

const CHECK = 'errors: a secret that is refused'

/**
 * With a secret that cannot work a call fails or names what it could not read. A stream that ends well says
 * that all is gone.
 */
export async function checkRefusedSecret(
  plugin: PluginConnection,
  workbench: Workbench,
  { counts }: Run,
): Promise<readonly Finding[]> {
  const names = Object.keys(workbench.input.secretData.reveal())
  if (names.length === 0) {
    const advice = 'Give one with --secret, if the plugin takes any.'
    return [{ check: CHECK, verdict: 'skipped', what: 'no secret was given to spoil', advice }]
  }
  const wrong = randomBytes(16).toString('hex')
  const secretData = new SecretData(Object.fromEntries(names.map((name) => [name, wrong])))
  const outcome = await readRun(plugin, { ...workbench, input: { ...workbench.input, secretData } }).catch(
    (error: unknown) => toError(error),
  )
  if (outcome instanceof PluginError)
    return [{ check: CHECK, verdict: 'passed', what: `collect fails: ${outcome.message}` }]
  if (outcome instanceof Error) throw outcome
  if (outcome.counts.error > 0)
    return [{ check: CHECK, verdict: 'passed', what: `collect names ${outcome.counts.error} failures` }]
  if (outcome.counts.cloud_service >= counts.cloud_service)
    return [{ check: CHECK, verdict: 'passed', what: 'it finds as much without the secret' }]
  return [
    {
      check: CHECK,
      verdict: 'failed',
      what: `collect ends well with ${outcome.counts.cloud_service} resources in place of ${counts.cloud_service}`,
      advice:
        'Fail the call, or send an ErrorResource for what could not be read: what is missing without either is taken for deleted.',
    },
  ]
}
