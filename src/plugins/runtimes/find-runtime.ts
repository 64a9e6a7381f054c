import { builtinRuntime } from './builtin.ts'
import { commandRuntime } from './command.ts'
import { dockerRuntime } from './docker.ts'
import { npmRuntime } from './npm.ts'
import { encryptedRuntime, remoteRuntime } from './remote.ts'
import type { Runtime } from './runtime.ts'

const RUNTIMES: readonly Runtime[] = [
  builtinRuntime,
  npmRuntime,
  dockerRuntime,
  commandRuntime,
  remoteRuntime,
  encryptedRuntime,
]

/** How an image is run; undefined when it begins like none that is known. */
export function runtimeOf(image: string): Runtime | undefined {
  return RUNTIMES.find(({ prefix }) => image.startsWith(prefix))
}

/** Says how an image must begin. */
export function unknownRuntime(): string {
  return `it must begin with one of ${RUNTIMES.map(({ prefix }) => prefix).join(' ')}`
}
