import { type JsonValue, PluginError } from '@gleaner/sdk'
import type { Credential } from './credential.ts'

/** More is no page of a list. Read without a bound, an answer that never ends would end the process. */
const MAX_ANSWER_BYTES = 67_108_864

/** The document that an API answered, without the credential that it may repeat. */
export async function readJson(answer: Response, { clean }: Credential): Promise<JsonValue> {
  const text = await readText(answer)
  try {
    return asJson(JSON.parse(text, clean))
  } catch {
    const type = answer.headers.get('content-type') ?? 'no content type'
    throw new PluginError('ERROR_ANSWER', `the API answered ${answer.status} with what is no JSON (${type})`)
  }
}

async function readText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES)
      throw new PluginError('ERROR_ANSWER', `the API answered with more than ${MAX_ANSWER_BYTES} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Claims that what came out of the parser is JSON. */
function asJson(value: unknown): JsonValue {
  return value as JsonValue
}
