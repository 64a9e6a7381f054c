import type Docker from 'dockerode'
import type { PluginSettings } from '../settings.ts'
import { registriesOf } from './engine-registries.ts'
import { findCredential, type RegistryCredential } from './registry/docker-credentials.ts'
import { locateRegistry, type RegistryLocation } from './registry/registry-location.ts'

export type RegistrySource = {
  readonly settings: Pick<PluginSettings, 'dockerConfig'>
  /** This server's environment, for where Docker's own configuration is. */
  readonly env: NodeJS.ProcessEnv
}

type FoundRegistry = RegistryLocation & { readonly credential: RegistryCredential | undefined }

/** The registry an image comes from, and what it is asked with. Undefined where nobody says which it is. */
export async function findRegistry(
  engine: Docker,
  repository: string,
  { settings: { dockerConfig }, env }: RegistrySource,
): Promise<FoundRegistry | undefined> {
  const location = locateRegistry(repository, await registriesOf(engine))
  if (location === undefined) return undefined
  const credential = await findCredential({ dockerConfig, env }, keysOf(location))
  return { ...location, credential }
}

/**
 * The names under which Docker keeps the credential for a registry; for its default one there have been two.
 */
function keysOf({ host, isDefault }: RegistryLocation): readonly string[] {
  return isDefault ? [host, host.replace(/^index\./, '')] : [host]
}
