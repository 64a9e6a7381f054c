/** Pieces are of this size, but for one that holds a larger document. */
const PIECE_BYTES = 256 * 1024
/** What is kept for the next batch of a run: as much as a batch of a thousand resources of 4 KB takes. */
const MAX_FREE_PIECES = 16

/** Memory for the documents of one batch, outside the heap. */
export type BatchMemory = {
  /** A copy of these bytes, valid until the memory is released. */
  keep(bytes: Uint8Array): Uint8Array
  /** Gives the memory to later batches. */
  release(): void
}

/** Makes memory for one batch after the other out of the same pieces. */
export function createBatchMemories(): () => BatchMemory {
  const free: Uint8Array<ArrayBuffer>[] = []
  return () => {
    let pieces: Uint8Array<ArrayBuffer>[] = []
    let room = new Uint8Array(0)
    return {
      keep(bytes) {
        if (bytes.length > room.length) {
          const fresh =
            bytes.length > PIECE_BYTES
              ? new Uint8Array(bytes.length)
              : (free.pop() ?? new Uint8Array(PIECE_BYTES))
          pieces.push(fresh)
          room = fresh
        }
        const kept = room.subarray(0, bytes.length)
        kept.set(bytes)
        room = room.subarray(bytes.length)
        return kept
      },
      release() {
        for (const piece of pieces)
          if (piece.length === PIECE_BYTES && free.length < MAX_FREE_PIECES) free.push(piece)
        pieces = []
        room = new Uint8Array(0)
      },
    }
  }
}
