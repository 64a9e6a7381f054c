import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PIECE = Buffer.alloc(1_048_576, 1)

/** A disk of its own that a test may fill. */
export type SmallDisk = {
  readonly path: string
  /** Leaves this many bytes free, or as near to it as whole blocks come. */
  fill(leaving: number): void
  /** Takes away what filled it. */
  free(): void
  remove(): void
}

/** Mounts a file system in memory, which root may; says what is missing where that does not work. */
export function mountSmallDisk(megabytes: number): SmallDisk | string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root on Linux may mount a small disk'
  const path = mkdtempSync(join(tmpdir(), 'gleaner-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', path], {
      stdio: 'pipe',
    })
  } catch (thrown) {
    rmSync(path, { recursive: true })
    return `no small disk can be mounted: ${String(thrown).split('\n').at(1) ?? thrown}`
  }
  const filler = join(path, 'filler')
  return {
    path,
    fill(leaving) {
      for (;;) {
        const { bavail, bsize } = statfsSync(path)
        const room = bavail * bsize - leaving
        if (room < bsize) return
        try {
          appendFileSync(filler, PIECE.subarray(0, room))
        } catch {
          return
        }
      }
    },
    free: () => rmSync(filler, { force: true }),
    remove() {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true })
    },
  }
}
