import { afterAll, expect, test } from 'vitest'
import { createCollector, getCollector, verifyPlugin } from '../../src/collectors/index.ts'
import { createPluginRegistry } from '../../src/plugins/index.ts'
import { NO_SELECTION } from '../../src/secrets/index.ts'
import { pluginFailure } from '../jobs/scripted-plugins.ts'
import { newCollector, openWorkshop } from '../jobs/support.ts'
import { givenHost, recordOf } from '../plugins/support.ts'
import { givenSecret } from '../secrets/support.ts'

const workshop = await openWorkshop()
const { context, db, keyring, givenCollector, givenDomain, plugins } = workshop
afterAll(workshop.close)

const record = recordOf('tells-what-it-got', { capability: { supported_schema: ['acme_token'] } })

/**
 * A collector of all secrets of the provider `acme`, on a plugin process that takes any token but 'expired'.
 */
async function given(tokens: readonly string[]) {
  const domainId = await givenDomain()
  const secrets: string[] = []
  for (const token of tokens) {
    secrets.push((await givenSecret(workshop, { domainId, provider: 'acme', data: { token } })).secretId)
  }
  const deps = {
    registry: createPluginRegistry({ records: [record] }),
    plugins: givenHost([record]).host,
    keyring,
  }
  const request = newCollector({ domainId, pluginId: record.pluginId })
  const selection = { ...NO_SELECTION, provider: 'acme' }
  const plugin = request.plugin && { ...request.plugin, selection }
  const { collectorId = '' } = await createCollector(context(), deps, { ...request, plugin })
  const verify = (secretId = '') => verifyPlugin(context(), deps, { domainId, collectorId, secretId })
  return { domainId, collectorId, secrets, verify }
}

async function openingsOf(domainId: string) {
  const rows = await db.query<{ secretId: string; requestId: string }>(
    'select secret_id, request_id from secret_opening where domain_id = $1 order by seq',
    [domainId],
  )
  return rows.map(({ secretId, requestId }) => `${secretId} ${requestId}`).sort()
}

test('all secrets are checked, and each opening names the request', async () => {
  const { domainId, secrets, verify } = await given(['one', 'two', 'three', 'four', 'five'])
  await verify()
  expect(await openingsOf(domainId)).toEqual(secrets.map((id) => `${id} req-1`).sort())
})

test('every secret that fails is named with the plugin’s own words, and no secret is told', async () => {
  const { collectorId, secrets, verify } = await given(['expired', 'fine', 'expired'])
  const failure: Error = await verify().then(
    () => expect.unreachable('it passed'),
    (thrown) => thrown,
  )
  expect(failure).toMatchObject({ kind: 'failed_precondition', code: 'ERROR_VERIFY_PLUGIN_FAILURE' })
  expect(failure.message).toContain(`2 of 3 secrets of collector '${collectorId}'`)
  for (const id of [secrets[0], secrets[2]]) expect(failure.message).toContain(`secret '${id}': `)
  expect(failure.message).not.toContain(secrets[1])
  expect(failure.message).toContain('has [secret]')
})

test('one secret of the choice is checked alone, one outside of it is refused', async () => {
  const { domainId, secrets, verify } = await given(['expired', 'fine'])
  await verify(secrets[1])
  expect(await openingsOf(domainId)).toEqual([`${secrets[1]} req-1`])
  const foreign = await givenSecret(workshop, { domainId, provider: 'other' })
  await expect(verify(foreign.secretId)).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining(foreign.secretId),
  })
})

test('a choice that selects nothing is told as such', async () => {
  const { domainId, verify } = await given(['fine'])
  await db.query('delete from secret where domain_id = $1', [domainId])
  await expect(verify()).rejects.toMatchObject({ kind: 'failed_precondition', code: 'ERROR_NO_SECRET' })
})

test('a plugin that needs no secret is asked once, without one', async () => {
  const asked: object[] = []
  const collector = await givenCollector({ verify: (call) => void asked.push(call.secretData.reveal()) })
  const verify = (key: { domainId: string; collectorId: string }) =>
    verifyPlugin(context(), { registry: plugins.registry, plugins, keyring }, { ...key, secretId: '' })
  await verify(collector)
  expect(asked).toEqual([{}])

  const broken = await givenCollector({
    verify: () => {
      throw pluginFailure(true, 'ERROR_AWAY', 'verify')
    },
  })
  await expect(verify(broken)).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'ERROR_VERIFY_PLUGIN_FAILURE',
    message: expect.stringContaining('the cloud said no'),
  })
  expect(plugins.openConnections).toBe(0)
})

test('a collector in upgrade mode AUTO is upgraded first, so that what is checked is what will run', async () => {
  const collector = await givenCollector({ init: (_options, version) => ({ version }) })
  const { domainId, collectorId, pluginId } = collector
  plugins.change(pluginId, { versions: ['2.0.0', '1.0.0'] })
  await verifyPlugin(
    context(),
    { registry: plugins.registry, plugins, keyring },
    { ...collector, secretId: '' },
  )
  expect(plugins.connected.at(-1)).toBe('2.0.0')
  expect(await getCollector(context(), { domainId, collectorId })).toMatchObject({
    pluginInfo: { version: '2.0.0', metadata: { version: '2.0.0' } },
  })
})

test('an unknown collector is not found', async () => {
  const deps = { registry: plugins.registry, plugins, keyring }
  const input = { domainId: await givenDomain(), collectorId: 'collector-0', secretId: '' }
  await expect(verifyPlugin(context(), deps, input)).rejects.toMatchObject({ kind: 'not_found' })
})
