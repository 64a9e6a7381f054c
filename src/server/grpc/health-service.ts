import type { Server } from '@grpc/grpc-js'
import { HealthImplementation } from 'grpc-health-check'
import type { HealthSource } from '../health.ts'

/** Serves grpc.health.v1 for the whole server (the empty name) and each service, all with the same status. Returns the function that ends it. */
export function addHealthService(
  server: Server,
  health: HealthSource,
  serviceNames: readonly string[],
): () => void {
  const implementation = new HealthImplementation()
  const tell = () => {
    const status = health.current().serving ? 'SERVING' : 'NOT_SERVING'
    for (const name of ['', ...serviceNames]) implementation.setStatus(name, status)
  }
  tell()
  implementation.addToServer(server)
  return health.subscribe(tell)
}
