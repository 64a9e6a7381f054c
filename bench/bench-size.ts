/** How much a benchmark does. */
export type BenchSize = {
  /** Of what, is the benchmark's own matter. */
  readonly count: number
  /** How often it measures; the median counts. */
  readonly repeats: number
  /**
   * Folder that gets a processor profile of each thread; undefined for none. Only benchmarks with a server
   * write some.
   */
  readonly profiles?: string | undefined
}
