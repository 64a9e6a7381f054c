import type { RunningPlugin } from '../running-plugin.ts'
import { SecretShield } from '../secret-shield.ts'
import type { RuntimeName } from './names.ts'
import { badImage, type Runtime } from './runtime.ts'

/**
 * `grpc://host:port`: a plugin that somebody else runs. The host only calls it; it starts, bounds and stops
 * nothing.
 */
export const remoteRuntime: Runtime = createRemoteRuntime('grpc', false)

/** `grpc+ssl://host:port`: the same over TLS. The name in the certificate must be the host's. */
export const encryptedRuntime: Runtime = createRemoteRuntime('grpc+ssl', true)

function createRemoteRuntime(name: RuntimeName, isEncrypted: boolean): Runtime {
  const prefix = `${name}://`
  const findProblem = (rest: string) =>
    ADDRESS.test(addressOf(rest)) ? undefined : `expected ${prefix}host:port`
  return {
    name,
    prefix,
    findProblem,
    async start(target, rest) {
      const problem = findProblem(rest)
      if (problem !== undefined) throw badImage(target, problem)
      return new RemotePlugin(addressOf(rest), isEncrypted)
    },
  }
}

const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[^\s:/@]+):\d{1,5}$/

function addressOf(rest: string): string {
  return rest.replace(/\/$/, '')
}

class RemotePlugin implements RunningPlugin {
  readonly address: string
  readonly isEncrypted: boolean
  readonly shield = new SecretShield()
  readonly ending = undefined

  constructor(address: string, isEncrypted: boolean) {
    this.address = address
    this.isEncrypted = isEncrypted
  }

  async settleEnding(): Promise<undefined> {}

  lastLogLines(): readonly string[] {
    return []
  }

  async readMemory(): Promise<undefined> {}

  async readActivity(): Promise<undefined> {}

  onEnd(): void {}

  async stop(): Promise<void> {}
}
