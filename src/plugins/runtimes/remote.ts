import type { RunningPlugin } from '../running-plugin.ts'
import { SecretShield } from '../secret-shield.ts'
import { badImage, type Runtime } from './runtime.ts'

/** `grpc://host:port`: a plugin that somebody else runs. The host only calls it; it starts, bounds and stops nothing. */
export const remoteRuntime: Runtime = {
  prefix: 'grpc://',
  async start(target, rest) {
    const address = rest.replace(/\/$/, '')
    if (!/^(\[[0-9a-fA-F:.]+\]|[^\s:/@]+):\d{1,5}$/.test(address)) {
      throw badImage(target, 'expected grpc://host:port')
    }
    return new RemotePlugin(address)
  },
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
