import type Docker from 'dockerode'
import { z } from 'zod'
import type { EngineRegistries } from './registry/registry-location.ts'

const Info = z.object({
  IndexServerAddress: z.string().optional(),
  RegistryConfig: z
    .object({ IndexConfigs: z.record(z.string(), z.object({ Secure: z.boolean() })).optional() })
    .nullish(),
})

/** What the engine is configured to pull from; of one that does not answer nothing is known. */
export async function registriesOf(engine: Docker): Promise<EngineRegistries> {
  const info = Info.safeParse(await engine.info().catch(() => undefined))
  if (!info.success) return { defaultHost: undefined, plainHosts: new Set() }
  const { IndexServerAddress: address, RegistryConfig } = info.data
  const configs = Object.entries(RegistryConfig?.IndexConfigs ?? {})
  return {
    defaultHost: address !== undefined && URL.canParse(address) ? new URL(address).host : undefined,
    plainHosts: new Set(configs.filter(([, { Secure }]) => !Secure).map(([host]) => host)),
  }
}
