export type NewsField = 'opened' | 'completed' | 'progress' | 'calls' | 'forecast'

/** Where a collect call writes to. What it is given is copied at once. */
export type ResourceSink = {
  /** Takes one encoded `ResourceInfo`. */
  readonly resource: (message: Uint8Array) => void
  /** Takes one encoded `Scope`, `Progress`, `ApiCalls` or `Forecast`. */
  readonly news: (field: NewsField, message: Uint8Array) => void
  /** Nothing while the reader keeps up, else a promise that resolves when it has caught up. */
  readonly whenReady: () => Promise<void> | undefined
  /**
   * Sends what waits. Call it at the end, and only when the call ends well or by the plugin's own failure.
   */
  readonly end: () => void
}
