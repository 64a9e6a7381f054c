import { toApiError } from './api-error.ts'

/** What happened, as the event stream tells it. */
export type ServerEvent = {
  readonly cursor: string
  readonly type: string
  readonly created_at: string
  readonly collector_id: string
  readonly job_id: string
  readonly job_task_id: string
  readonly status: string
  readonly counts: Readonly<Record<string, number>>
}

/** Cuts server-sent events out of a stream; comments are passed over, and `event: error` is thrown. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = stream.pipeThrough(textDecoder()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + value).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = dataOf(block)
        if (data !== '') yield claimEvent(JSON.parse(data))
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

// The types of the browser and of the stream disagree about which buffers hold bytes.
function textDecoder(): ReadableWritablePair<string, Uint8Array> {
  return new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>
}

function dataOf(block: string): string {
  const lines = block.split('\n')
  const data = lines
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n')
  if (lines.includes('event: error')) throw toApiError(503, JSON.parse(data), '')
  return data
}

function claimEvent(value: unknown): ServerEvent {
  return value as ServerEvent
}
