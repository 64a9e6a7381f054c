import { expect, test } from 'vitest'
import { inSpan, traceHeaders } from '../../src/core/trace.ts'
import { createLogger, startTracing } from '../../src/telemetry/index.ts'

const TRACE = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }

test.each([
  { what: 'nothing', env: {} },
  {
    what: 'no exporter',
    env: { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
  },
  { what: 'a switch', env: { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' } },
])('traces stay off with $what, and spans carry none on', async ({ env }) => {
  const tracing = await startTracing({ env, version: '1.0.0', log: createLogger({ write: () => {} }) })
  const carried = await inSpan({ name: 'work', attributes: {}, from: TRACE }, async ({ headers }) => [
    headers,
    traceHeaders(),
  ])
  expect(tracing).toBe(undefined)
  expect(carried).toEqual([{}, {}])
})

test('an exporter that is not known is told, and traces stay off', async () => {
  const lines: string[] = []
  const log = createLogger({ format: 'json', write: (line) => lines.push(line) })
  const tracing = await startTracing({ env: { OTEL_TRACES_EXPORTER: 'jaeger' }, version: '1.0.0', log })
  expect(tracing).toBe(undefined)
  expect(lines.join('')).toContain('OTEL_TRACES_EXPORTER')
})
