export {
  createLogger,
  LOG_LEVELS,
  type LoggerOptions,
  type LogLevel,
  type StructuredLogger,
} from './logger.ts'
