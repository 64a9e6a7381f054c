import { status } from '@grpc/grpc-js'
import { CallError } from '../grpc/call-error.ts'
import { callUnary } from '../grpc/calls.ts'
import { GrpcChannel } from '../grpc/channel.ts'
import type { RunningPlugin } from '../running-plugin.ts'
import type { PluginSettings } from '../settings.ts'

/**
 * What a running plugin says of itself when it is asked by `grpc.health.v1`.
 *
 * - `UNKNOWN`: it was not asked yet, or answers and has no such service.
 * - `SERVING`, `NOT_SERVING`: its own words.
 * - `UNREACHABLE`: it did not answer in time. One that is busy may do so and be well.
 */
export type PluginHealth = 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'UNREACHABLE'

const PATH = '/grpc.health.v1.Health/Check'

/** Answers of more than a status are not read. */
const MAX_BYTES = 1_024

/** The answer `status: SERVING`, field 1 with the value 1, as protobuf writes it. */
const SERVING = Buffer.from([0x08, 0x01])

/** Asks a plugin how it is, on a connection of its own. Never throws. */
export async function probeHealth(plugin: RunningPlugin, settings: PluginSettings): Promise<PluginHealth> {
  const { healthTimeoutMs: timeoutMs } = settings
  const channel = new GrpcChannel(plugin, { ...settings, connectTimeoutMs: timeoutMs })
  try {
    const answer = await callUnary(channel, {
      path: PATH,
      request: Buffer.alloc(0),
      timeoutMs,
      maxMessageBytes: MAX_BYTES,
      onCancel: () => {},
    })
    return SERVING.equals(answer) ? 'SERVING' : 'NOT_SERVING'
  } catch (error) {
    const answered =
      error instanceof CallError &&
      error.code !== status.UNAVAILABLE &&
      error.code !== status.DEADLINE_EXCEEDED
    return answered ? 'UNKNOWN' : 'UNREACHABLE'
  } finally {
    channel.close()
  }
}
