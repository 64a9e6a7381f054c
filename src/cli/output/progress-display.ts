import type { CliContext } from '../cli-context.ts'
import type { JobProgress } from '../shapes.ts'
import { styleOfStatus } from './paint.ts'
import { progressLine } from './progress-line.ts'
import { stateChanges } from './state-changes.ts'

/**
 * Shows a job while it is watched. `note` is what the user should know besides, for example that the server
 * is away.
 */
type ProgressDisplay = {
  show(progress: JobProgress): void
  note(text: string): void
  /** Leaves the last picture standing and gives the terminal back. */
  stop(): void
}

/** Redraws a line for each task on a terminal; elsewhere writes a line whenever a task changes its state. */
export function createProgressDisplay(
  ctx: CliContext,
  expected: readonly (number | undefined)[],
): ProgressDisplay {
  if (ctx.notices.size() !== undefined) return redrawnDisplay(ctx, expected)
  return ctx.isJson ? silentDisplay() : loggedDisplay(ctx)
}

function silentDisplay(): ProgressDisplay {
  return { show: () => {}, note: () => {}, stop: () => {} }
}

function loggedDisplay({ notices, now }: CliContext): ProgressDisplay {
  let last: JobProgress | undefined
  let lastNote = ''
  return {
    show(progress) {
      for (const line of stateChanges(last, progress, now())) notices.write(`${line}\n`)
      last = progress
      lastNote = ''
    },
    note(text) {
      if (text !== lastNote) notices.write(`${text}\n`)
      lastNote = text
    },
    stop: () => {},
  }
}

function redrawnDisplay(ctx: CliContext, expected: readonly (number | undefined)[]): ProgressDisplay {
  const rates = createRates()
  let latest: JobProgress | undefined
  let noted = ''
  let frame = 0
  let drawn = 0

  function draw(): void {
    if (latest === undefined) return
    const { columns, rows } = ctx.notices.size() ?? FALLBACK_SIZE
    const lines = picture(latest, columns - 1, rows)
    if (noted !== '') lines.push(ctx.paintNotices('yellow', noted.slice(0, columns - 1)))
    const toTop = drawn === 0 ? '\r' : `\r\u001b[${drawn}A`
    ctx.notices.write(`${toTop}\u001b[J${lines.map((line) => `${line}\n`).join('')}`)
    drawn = lines.length
  }

  // The running tasks first: when there are more than the terminal has lines, those are the ones to see.
  function picture({ tasks }: JobProgress, width: number, rows: number): string[] {
    const room = Math.max(1, rows - 3)
    const order = tasks.map((task, at) => ({ task, at }))
    if (order.length > room) order.sort((a, b) => rank(a.task.status) - rank(b.task.status))
    const lines = order.slice(0, room).map(({ task, at }) => {
      const line = progressLine(task, {
        label: tasks.length === 1 ? 'collecting' : `task ${at + 1}/${tasks.length}`,
        width,
        frame,
        now: ctx.now(),
        expected: expected[at],
        rate: rates.of(task.taskId),
      })
      return ctx.paintNotices(styleOfStatus(task.status), line.slice(0, 1)) + line.slice(1)
    })
    const hidden = order.length - room
    return hidden > 0 ? [...lines, `  and ${hidden} more tasks`] : lines
  }

  const timer = setInterval(() => {
    frame += 1
    draw()
  }, FRAME_MS)

  return {
    show(progress) {
      rates.add(progress, ctx.now())
      latest = progress
      noted = ''
      draw()
    },
    note(text) {
      noted = text
      draw()
    },
    stop() {
      clearInterval(timer)
      draw()
    },
  }
}

const FRAME_MS = 120
const FALLBACK_SIZE = { columns: 80, rows: 24 }

function rank(status: string): number {
  if (status === 'IN_PROGRESS') return 0
  return status === 'PENDING' ? 2 : 1
}

/** Resources a second over the last few seconds, for each task. */
function createRates() {
  const samples = new Map<string, { readonly atMs: number; readonly seen: number }[]>()
  return {
    add({ tasks }: JobProgress, now: Date): void {
      for (const { taskId, seen } of tasks) {
        const kept = (samples.get(taskId) ?? []).filter(({ atMs }) => atMs > now.getTime() - RATE_WINDOW_MS)
        samples.set(taskId, [...kept, { atMs: now.getTime(), seen }])
      }
    },
    of(taskId: string): number | undefined {
      const kept = samples.get(taskId) ?? []
      const [first, last] = [kept[0], kept.at(-1)]
      if (first === undefined || last === undefined || last.atMs - first.atMs < 500) return undefined
      return Math.max(0, ((last.seen - first.seen) * 1000) / (last.atMs - first.atMs))
    },
  }
}

const RATE_WINDOW_MS = 5_000
