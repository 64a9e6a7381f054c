export { type Admission, createAdmission } from './admission/admission.ts'
export type { LoadLimits } from './admission/load-limits.ts'
export { createHealth, type Health, type HealthSource, type HealthState } from './health.ts'
export {
  type AccessPolicy,
  type Call,
  implementService,
  type Method,
  type ServiceImplementation,
  type ServiceMethods,
} from './method.ts'
export { createMonitor, type Monitor, type MonitorDeps } from './monitor.ts'
export {
  type ApiServer,
  type BoundPorts,
  createServer,
  type ServerConfig,
  type ServerDeps,
  type ServerMetrics,
} from './server.ts'
