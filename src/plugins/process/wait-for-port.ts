import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 50

/** A port of the loopback that nobody listens on now. Somebody else may take it before the plugin does, whose start then fails. */
export function findFreePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer().once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
  })
  return promise
}

/** Waits until something accepts connections there, or nobody wants to know any more. */
export async function waitForPort(port: number, isWanted: () => boolean): Promise<boolean> {
  while (isWanted()) {
    if (await accepts(port)) return true
    await sleep(LOOK_EVERY_MS, undefined, { ref: false })
  }
  return false
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1', () => resolve(true))
  socket.on('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
