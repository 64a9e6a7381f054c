import type { WriteStream } from 'node:tty'
import type { Progress } from './backup/index.ts'
import { cutText } from './core/text-width.ts'

const EVERY_MS = 100
const BAR = 24

/** One line of a terminal that tells how far something is, drawn over itself; nothing where there is no terminal. */
export function createProgressLine(stream: WriteStream): {
  readonly show: (progress: Progress) => void
  readonly clear: () => void
} {
  let drawnAt = 0
  return {
    show({ what, fraction }) {
      const now = performance.now()
      if (!stream.isTTY || now - drawnAt < EVERY_MS) return
      drawnAt = now
      const full = Math.round(fraction * BAR)
      const bar = `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`
      const text = `${bar} ${String(Math.floor(fraction * 100)).padStart(3)} %  ${what}`
      stream.write(`\r\u001B[2K${cutText(text, (stream.columns || 80) - 1)}`)
    },
    clear() {
      if (stream.isTTY && drawnAt > 0) stream.write('\r\u001B[2K')
    },
  }
}
