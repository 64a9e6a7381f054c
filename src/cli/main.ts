import { readFileSync } from 'node:fs'
import type { WriteStream } from 'node:tty'
import type { Output } from './cli-context.ts'
import { runCli } from './run-cli.ts'
import { textOf } from './shapes.ts'

const interrupted = new AbortController()
// Not `once`: on Ctrl-C the terminal signals us and the launcher, which passes its own on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort())

// The launcher holds a channel to us: when it is gone, so are we. It alone must not keep us running.
process.on('disconnect', () => interrupted.abort())
process.channel?.unref()

for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly)

process.exitCode = await runCli({
  args: process.argv.slice(2),
  env: process.env,
  out: outputOf(process.stdout),
  notices: outputOf(process.stderr),
  version: textOf(
    JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
    'version',
  ),
  signal: interrupted.signal,
})
// An open channel would otherwise be closed by the launcher only after we have ended.
if (process.connected) process.disconnect()

function outputOf(stream: WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text)
    },
    size: () => (stream.isTTY ? { columns: stream.columns || 80, rows: stream.rows || 24 } : undefined),
  }
}

// Whoever read our output (`head`) has seen enough.
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(process.exitCode ?? 0)
}
