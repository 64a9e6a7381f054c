import { randomBytes } from 'node:crypto'
import { SecretData } from '../../core/secret-data.ts'
import type { PluginConnection } from '../../plugins/index.ts'
import type { Finding } from '../finding.ts'
import type { Workbench } from '../workbench.ts'

/**
 * No value of a secret appears in what the plugin logs or fails with: neither of the one given nor of one
 * that cannot work.
 */
export async function checkSecrets(
  plugin: PluginConnection,
  workbench: Workbench,
): Promise<readonly Finding[]> {
  const { input, signal } = workbench
  const canary = randomBytes(16).toString('hex')
  const given = input.secretData.reveal()
  const broken = Object.fromEntries([...Object.keys(given), 'token'].map((key) => [key, `${key}-${canary}`]))
  const secretData = new SecretData(broken)
  await plugin.verify({ options: input.options, secretData }, signal).catch(() => {})
  const drain = async () => {
    for await (const _ of plugin.collect({ options: input.options, secretData, filter: {} }, signal));
  }
  await drain().catch(() => {})
  const cut = (await workbench.inspect())?.secretsCut ?? 0
  if (cut === 0) {
    const tried = Object.keys(given).length === 0 ? ', where a made-up token was tried' : ''
    return [{ check: 'secrets', verdict: 'passed', what: `none in its log or its errors${tried}` }]
  }
  return [
    {
      check: 'secrets',
      verdict: 'failed',
      what: `${cut} lines of its log, or errors, held a value of the secret (Gleaner cut it out)`,
      advice:
        'Log ids, never values of secret_data, nor the requests, headers and messages of libraries that quote them.',
    },
  ]
}
