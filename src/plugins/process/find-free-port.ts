import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below what systems give to whoever asks for any port, and to outgoing connections: nobody takes one of
 * these by chance.
 */
const [FROM, BELOW] = [15_000, 32_000]
const TRIES = 100

/**
 * A port of the loopback that nobody listens on now, for a program that has to be told its port. Somebody
 * else may take it before the program does, whose start then fails; seldom, as it is drawn where the system
 * gives out none by itself.
 */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FROM, BELOW)
    if (await isFree(port)) return port
  }
  throw new Error(`none of ${TRIES} ports between ${FROM} and ${BELOW} of 127.0.0.1 is free`)
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer().once('error', () => resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  return promise
}
