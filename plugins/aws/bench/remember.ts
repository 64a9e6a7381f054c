import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

export type Memory = {
  readonly url: string
  stop(): void
}

/**
 * Asks an emulator of AWS each question once, and answers it from memory from then on, `latencyMs` after it
 * was asked. A measurement behind it is one of the caller, and not of how many calls an emulator bears on the
 * same cores.
 */
export async function startMemory(target: string, latencyMs: number): Promise<Memory> {
  const answers = new Map<string, Promise<Answer>>()
  const server = createServer(async (incoming, response) => {
    const asked = delay(latencyMs)
    const body = Buffer.concat(await Array.fromAsync(incoming)).toString('utf8')
    const question = questionOf(incoming, body)
    const answer = answers.get(question) ?? ask(target, incoming, body)
    answers.set(question, answer)
    const { bytes, headers, status } = await answer
    await asked
    response.writeHead(status, headers).end(bytes)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

type Answer = { readonly status: number; readonly headers: Record<string, string>; readonly bytes: Buffer }

/** All that a question says but when it was signed, and by whom. */
function questionOf({ headers, method, url }: IncomingMessage, body: string): string {
  const [, , region, service] = /Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split('/') ?? []
  return JSON.stringify([service, region, method, url, headers['x-amz-target'], body])
}

async function ask(
  target: string,
  { headers, method = '', url = '/' }: IncomingMessage,
  body: string,
): Promise<Answer> {
  const kept = Object.entries(headers).filter(
    ([name]) => !/^(host|connection|content-length|transfer-encoding)$/.test(name),
  )
  const answer = await fetch(new URL(url, target), {
    method,
    headers: kept.flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
    ...(body === '' ? {} : { body }),
  })
  return {
    status: answer.status,
    headers: { 'content-type': answer.headers.get('content-type') ?? 'text/xml' },
    bytes: Buffer.from(await answer.arrayBuffer()),
  }
}
