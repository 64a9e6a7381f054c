import type { JsonObject } from './client.ts'

/** Longest event that is read; the server's are some hundreds of bytes. */
const MAX_EVENT_CHARACTERS = 1_000_000

/**
 * What server-sent events bring: their `data`, and of the last one `event: error`, which says why the stream
 * ended.
 */
type SentEvent = { readonly isError: boolean; readonly data: string }

/** Cuts a stream of server-sent events into its events; comments and ids are passed over. */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SentEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true })
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    if (rest.length > MAX_EVENT_CHARACTERS) throw new Error('the server sent an event without an end')
    for (const block of blocks) {
      const event = toEvent(block)
      if (event !== undefined) yield event
    }
  }
}

function toEvent(block: string): SentEvent | undefined {
  const lines = block.split('\n')
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart())
  return data.length === 0 ? undefined : { isError: lines.includes('event: error'), data: data.join('\n') }
}

/** An event that a stream told: read, and as it was written. */
export type StreamedEvent = { readonly value: JsonObject; readonly text: string }
