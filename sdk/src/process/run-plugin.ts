import { readReach } from '../calls/reach.ts'
import { createLog } from '../log.ts'
import type { Plugin } from '../plugin.ts'
import { servePlugin } from '../server/serve-plugin.ts'

/** Version of the agreement between a plugin process and the one that started it. */
const READY_PROTOCOL = 1

/**
 * Serves a plugin as a process that Gleaner (or a person) starts:
 *
 * - `GLEANER_PLUGIN_PORT` is the port; 0 or absent takes a free one. `GLEANER_PLUGIN_HOST` is the address,
 *   127.0.0.1 unless set: in a container it has to be 0.0.0.0.
 * - `GLEANER_PLUGIN_REACH` and `GLEANER_PLUGIN_ALLOW` say where its calls may go.
 * - When it accepts calls, it prints one line on stdout: `GLEANER_PLUGIN_READY {"port":…,"protocol":1}`.
 * - It ends on SIGTERM and SIGINT and, when started with that variable, as soon as stdin closes. The parent
 *   holds the other end of stdin, so a plugin ends with its parent, however that died.
 */
export async function runPlugin(plugin: Plugin): Promise<void> {
  const given = process.env.GLEANER_PLUGIN_PORT
  const server = await servePlugin(plugin, {
    port: readPort(given),
    host: process.env.GLEANER_PLUGIN_HOST ?? '127.0.0.1',
    reach: readReach(process.env),
  })
  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    await server.stop()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (given !== undefined) onStdinClose(stop)
  process.stdout.write(
    `GLEANER_PLUGIN_READY ${JSON.stringify({ port: server.port, protocol: READY_PROTOCOL })}\n`,
  )
  createLog().info('plugin ready', { plugin: plugin.name, version: plugin.version, port: server.port })
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return 0
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new Error(`GLEANER_PLUGIN_PORT must be a port number from 0 to 65535, but is '${text}'`)
}

function onStdinClose(stop: () => void): void {
  process.stdin.on('end', stop)
  process.stdin.on('close', stop)
  process.stdin.on('error', stop)
  process.stdin.resume()
}
