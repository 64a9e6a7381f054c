import { once } from 'node:events'
import { createServer } from 'node:http'
import { ANSWERS } from './answers.ts'

/** An engine of as much as the plugin asks for, at a socket or, without one, on a port of this machine. */
export async function startEngine(socket?: string) {
  const state = {
    answers: structuredClone(ANSWERS) as Record<string, unknown>,
    refused: '',
    denied: [] as string[],
  }
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://engine').pathname
    const { answers, denied, refused } = state
    const [status, body] = denied.includes(path)
      ? [403, { message: 'not let through' }]
      : path === refused
        ? [500, {}]
        : path in answers
          ? [200, answers[path]]
          : [404, {}]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await once(socket === undefined ? server.listen(0, '127.0.0.1') : server.listen(socket), 'listening')
  const address = server.address()
  return {
    state,
    address: typeof address === 'string' ? `unix://${address}` : `tcp://127.0.0.1:${address?.port}`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
