import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 50

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
