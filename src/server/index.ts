export { type Admission, createAdmission } from './admission/admission.ts'
export type { LoadLimits } from './admission/load-limits.ts'
export { createHealth, type Health } from './health.ts'
export { type Call, implementService, type ServiceImplementation } from './method.ts'
export { createMonitor } from './monitor.ts'
export {
  type ApiServer,
  type BoundPorts,
  createServer,
  type ServerConfig,
  type ServerDeps,
} from './server.ts'
