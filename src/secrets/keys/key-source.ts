import type { KeyObject } from 'node:crypto'

/** Where master keys come from: the environment, a file or a command. */
export type KeySource = {
  /** For messages: `the environment variable GLEANER_MASTER_KEY`. */
  readonly name: string
  /** What to do to hold a further key. */
  readonly howToAdd: string
  /** The keys it holds, the newest last; none where it holds none yet. Throws when it cannot be read. */
  load(): Promise<readonly KeyObject[]>
  /**
   * Makes the first key, unless another process has done so meanwhile; undefined where only an operator can.
   */
  readonly create: (() => Promise<void>) | undefined
  /**
   * Makes a further key that every process with this source will find; undefined where only an operator can.
   */
  readonly add: (() => Promise<void>) | undefined
}
