/**
 * Messages that lie in one stretch of memory: the n-th from `bounds[2n]` up to `bounds[2n + 1]`. An object
 * for each of them costs more than reading it, and nearly all are known and looked at no further.
 */
export type MessageBlock = { readonly bytes: Uint8Array; readonly bounds: ArrayLike<number> }

/** A block of one message. */
export function toBlock(message: Uint8Array): MessageBlock {
  return { bytes: message, bounds: [0, message.length] }
}

/** The messages of a block, as views of its memory. */
export function messagesOf({ bytes, bounds }: MessageBlock): readonly Uint8Array[] {
  const messages: Uint8Array[] = []
  for (let at = 0; at < bounds.length; at += 2) messages.push(bytes.subarray(bounds[at], bounds[at + 1]))
  return messages
}

export function countMessages(blocks: readonly MessageBlock[]): number {
  return blocks.reduce((count, { bounds }) => count + bounds.length / 2, 0)
}
