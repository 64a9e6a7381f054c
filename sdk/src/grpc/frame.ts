/** Before each message of gRPC: a byte that says whether it is compressed, and its length in four. */
export const FRAME_HEAD_BYTES = 5

/** A message with its head. */
export function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + message.length)
  writeFrameHead(frame, 0, message.length)
  frame.set(message, FRAME_HEAD_BYTES)
  return frame
}

export function writeFrameHead(bytes: Buffer, at: number, length: number): void {
  bytes[at] = 0
  bytes[at + 1] = length >>> 24
  bytes[at + 2] = length >>> 16
  bytes[at + 3] = length >>> 8
  bytes[at + 4] = length
}
