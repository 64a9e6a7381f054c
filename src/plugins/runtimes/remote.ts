import type { RunningPlugin } from '../running-plugin.ts'
import { SecretShield } from '../secret-shield.ts'
import { badImage, type Runtime } from './runtime.ts'

/** `grpc://host:port`: a plugin that somebody else runs. The host only calls it; it starts, bounds and stops nothing. */
export const remoteRuntime: Runtime = {
  name: 'grpc',
  prefix: 'grpc://',
  findProblem: (rest) => (ADDRESS.test(addressOf(rest)) ? undefined : 'expected grpc://host:port'),
  async start(target, rest) {
    const problem = this.findProblem(rest)
    if (problem !== undefined) throw badImage(target, problem)
    return new RemotePlugin(addressOf(rest))
  },
}

const ADDRESS = /^(\[[0-9a-fA-F:.]+\]|[^\s:/@]+):\d{1,5}$/

function addressOf(rest: string): string {
  return rest.replace(/\/$/, '')
}

class RemotePlugin implements RunningPlugin {
  readonly address: string
  readonly shield = new SecretShield()
  readonly ending = undefined

  constructor(address: string) {
    this.address = address
  }

  async settleEnding(): Promise<undefined> {}

  lastLogLines(): readonly string[] {
    return []
  }

  onEnd(): void {}

  async stop(): Promise<void> {}
}
