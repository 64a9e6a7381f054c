import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { afterAll } from 'vitest'
import { createCollectorService } from '../../src/server/handlers/collector.ts'
import { projectService } from '../../src/server/handlers/project.ts'
import { createSecretService } from '../../src/server/handlers/secret.ts'
import { secretGroupService } from '../../src/server/handlers/secret-group.ts'
import { createSecretKeyService } from '../../src/server/handlers/secret-key.ts'
import { secretOpeningService } from '../../src/server/handlers/secret-opening.ts'
import { serviceAccountService } from '../../src/server/handlers/service-account.ts'
import { openWorkshop } from '../jobs/support.ts'
import { startApi } from '../support/api-server.ts'

/** A server with everything that secrets and projects are about, on a database of its own. */
export async function openServices() {
  const workshop = await openWorkshop()
  const { db, keyring, plugins, queue } = workshop
  const pluginId = plugins.add({})
  const collectors = createCollectorService({
    registry: plugins.registry,
    plugins,
    queue,
    keyring,
    schedules: { ignorePluginSupport: false },
  })
  const secrets = createSecretService({ keyring })
  const api = await startApi(
    [
      collectors,
      secrets,
      secretGroupService,
      createSecretKeyService({ keyring }),
      secretOpeningService,
      projectService,
      serviceAccountService,
    ],
    {},
    db,
  )
  afterAll(async () => {
    await api.stop()
    await workshop.close()
  })

  /** POST of a body in a domain; the answer parsed. */
  async function post(path: string, body: object) {
    const answer = await api.post(path, JSON.stringify(body))
    return { status: answer.status, body: JSON.parse(answer.text) }
  }

  /** The body of an answer that must be one of success. */
  async function ask(path: string, body: object) {
    const { status, body: answer } = await post(path, body)
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`)
    return answer
  }

  async function call<I extends DescMessage, O extends DescMessage>(
    path: string,
    { input, output }: { input: I; output: O },
    request: MessageInitShape<I>,
  ) {
    const { code, details, bytes } = await api.call(path, toBinary(input, create(input, request)))
    return { code, details, answer: bytes && fromBinary(output, bytes) }
  }

  return { ...workshop, pluginId, api, post, ask, call }
}
