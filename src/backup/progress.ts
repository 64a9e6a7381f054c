/** How far one is: what is done just now, and how much of all of it, 0 to 1. */
export type Progress = { readonly what: string; readonly fraction: number }
export type OnProgress = (progress: Progress) => void

/** Tables one after the other, each as heavy as it is on the disk. */
export function createMeter(
  tables: readonly { readonly name: string; readonly bytes: number }[],
  onProgress: OnProgress,
): { readonly begin: (name: string) => (share: number) => void } {
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0) || 1
  let done = 0
  return {
    begin(name) {
      const { bytes = 0 } = tables.find((table) => table.name === name) ?? {}
      const before = done
      done += bytes
      return (share) =>
        onProgress({ what: name, fraction: Math.min(1, (before + bytes * Math.min(1, share)) / total) })
    },
  }
}
