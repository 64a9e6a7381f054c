import type { Output } from '../../src/cli/cli-context.ts'
import { runCli } from '../../src/cli/run-cli.ts'

export type Ran = { readonly code: number; readonly out: string; readonly notices: string }

export type RunOptions = {
  /** Makes both outputs terminals of this width; a pipe otherwise. */
  readonly columns?: number
  /** Makes what is told besides a terminal of this width, whatever results go to. */
  readonly noticeColumns?: number
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  readonly patienceMs?: number
  readonly onNotice?: (text: string) => void
  readonly onOut?: (text: string) => void
}

/** Runs one command line in this process, at 2026-01-02 03:05 unless it has to wait for time to pass. */
export async function gleaner(url: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const out = keptOutput(options.columns, options.onOut)
  const notices = keptOutput(options.noticeColumns ?? options.columns, options.onNotice)
  const code = await runCli({
    args,
    env: { GLEANER_URL: url, NO_COLOR: '1', ...options.env },
    out,
    notices,
    version: '0.1.0',
    signal: options.signal ?? new AbortController().signal,
    ...(options.patienceMs === undefined
      ? { now: () => new Date('2026-01-02T03:05:00.000Z') }
      : { patienceMs: options.patienceMs }),
  })
  return { code, out: out.text(), notices: notices.text() }
}

function keptOutput(
  columns: number | undefined,
  onWrite?: (text: string) => void,
): Output & { text(): string } {
  let kept = ''
  return {
    write(text) {
      kept += text
      onWrite?.(text)
    },
    size: () => (columns === undefined ? undefined : { columns, rows: 24 }),
    text: () => kept,
  }
}
