import type { SourceName } from '../resource-types.ts'
import type { Source } from '../source.ts'
import { readContainers } from './containers.ts'
import { readDisks } from './disks.ts'
import { readFileSystems } from './file-systems.ts'
import { readInterfaces } from './interfaces.ts'
import { readListeningServices } from './listening-services.ts'
import { readPackages } from './packages.ts'
import { readServer } from './server.ts'

/** The reader of each resource type. */
export const SOURCES: Readonly<Record<SourceName, Source>> = {
  server: readServer,
  disk: readDisks,
  file_system: readFileSystems,
  interface: readInterfaces,
  listening_service: readListeningServices,
  package: readPackages,
  container: readContainers,
}
