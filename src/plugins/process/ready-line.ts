const PREFIX = 'GLEANER_PLUGIN_READY'

/** The version of the start protocol that this host speaks. */
const PROTOCOL = 1

type ReadyLine = { readonly port: number } | { readonly problem: string }

/** Reads the line by which a plugin says that it serves; undefined when a line is something else. */
export function parseReadyLine(line: string): ReadyLine | undefined {
  if (!line.startsWith(`${PREFIX} `)) return undefined
  const reply = parseObject(line.slice(PREFIX.length + 1))
  if (reply === undefined) return { problem: 'its ready line does not hold a JSON object' }
  if (reply.protocol !== PROTOCOL) {
    return { problem: `it speaks start protocol ${String(reply.protocol)}, this server speaks ${PROTOCOL}` }
  }
  const { port } = reply
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    return { problem: `its ready line names no usable port (${JSON.stringify(port)})` }
  }
  return { port }
}

function parseObject(text: string): { port?: unknown; protocol?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}
