export { createLogger, type LoggerOptions } from './logger.ts'
export { createMetrics, type Metrics, type RequestNote } from './metrics.ts'
export { startTracing } from './tracing.ts'
