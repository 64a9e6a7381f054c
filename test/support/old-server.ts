import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'

/** A server that speaks just enough of PostgreSQL's protocol to be asked for its version. */
export async function startOldServer(
  version: string,
  port = 0,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = net.createServer((socket) => {
    let isStarted = false
    socket.on('error', () => {})
    socket.on('data', (data) => {
      if (!isStarted) socket.write(Buffer.concat([authenticated, ready]))
      else if (data[0] === 0x51) socket.write(answer([version, 'UTF8']))
      else socket.end()
      isStarted = true
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close()
      await once(server, 'close')
    },
  }
}

const authenticated = message('R', int32(0))
const ready = message('Z', Buffer.from('I'))

function answer(values: readonly string[]): Buffer {
  const names = ['version', 'encoding']
  const fields = names.map((name) => [
    Buffer.from(`${name}\0`),
    int32(0),
    int16(0),
    int32(25),
    int16(-1),
    int32(-1),
    int16(0),
  ])
  const columns = values.map((value) => [int32(Buffer.byteLength(value)), Buffer.from(value)])
  return Buffer.concat([
    message('T', int16(fields.length), ...fields.flat()),
    message('D', int16(columns.length), ...columns.flat()),
    message('C', Buffer.from('SELECT 1\0')),
    ready,
  ])
}

function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(value)
  return buffer
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2)
  buffer.writeInt16BE(value)
  return buffer
}
