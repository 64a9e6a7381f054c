import type { StructuredLogger } from './logger.ts'

/**
 * The variables of OpenTelemetry that decide whether traces leave this process; the library reads the others
 * itself.
 */
type TracingEnv = {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined
  readonly OTEL_TRACES_EXPORTER?: string | undefined
  readonly OTEL_SDK_DISABLED?: string | undefined
  readonly OTEL_SERVICE_NAME?: string | undefined
}

type TracingOptions = {
  readonly env: TracingEnv
  readonly version: string
  readonly log: StructuredLogger
}

type Tracing = {
  /** Sends what waits, within the exporter's time limit, and ends. */
  stop(): Promise<void>
}

/**
 * Sends traces by OTLP over HTTP where an endpoint or the exporter `otlp` is named. Otherwise nothing is
 * loaded, and the spans that the code opens do nothing. One for the process: what is registered here is found
 * by all of it.
 */
export async function startTracing({ env, version, log }: TracingOptions): Promise<Tracing | undefined> {
  if (!wantsTraces(env, log)) return undefined
  const [{ context, propagation, trace }, hooks, core, sdk, { OTLPTraceExporter }, resources] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  const provider = new sdk.TracerProvider({
    resource: resources
      .resourceFromAttributes({ 'service.name': 'gleaner', 'service.version': version })
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable())
  // Only the trace itself is handed on: baggage of a caller is nobody's business behind this server.
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(provider)
  return {
    stop: () =>
      provider.shutdown().catch((thrown: unknown) => {
        const name = thrown instanceof Error ? thrown.name : 'unknown'
        log.warn({ err: name }, 'the last traces could not be sent')
      }),
  }
}

function wantsTraces(env: TracingEnv, log: StructuredLogger): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false
  const exporter = env.OTEL_TRACES_EXPORTER
  if (exporter === 'none') return false
  if (exporter !== undefined && exporter !== '' && exporter !== 'otlp') {
    log.warn({ exporter }, 'OTEL_TRACES_EXPORTER names an exporter that is not known here: otlp or none')
    return false
  }
  return Boolean(exporter || env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
}
