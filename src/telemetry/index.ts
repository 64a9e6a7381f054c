export {
  createLogger,
  LOG_LEVELS,
  type LoggerOptions,
  type LogLevel,
  type StructuredLogger,
} from './logger.ts'
export { createMetrics, type Metrics, type RequestNote } from './metrics.ts'
export { startTracing, type Tracing, type TracingEnv, type TracingOptions } from './tracing.ts'
