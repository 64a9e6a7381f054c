import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** What a registry is asked with. */
export type RegistryCredential = { readonly username: string; readonly password: string }

const Config = z.object({
  auths: z
    .record(
      z.string(),
      z.object({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
      }),
    )
    .optional(),
})

type CredentialSource = {
  /**
   * A file as `docker login` writes it; without it the one of the environment is read, where there is one.
   */
  readonly dockerConfig: string | undefined
  readonly env: NodeJS.ProcessEnv
}

/**
 * The credential for a registry in Docker's own configuration; undefined when it has none. A named file that
 * cannot be read is an error, whose words quote nothing of the file.
 */
export async function findCredential(
  source: CredentialSource,
  hosts: readonly string[],
): Promise<RegistryCredential | undefined> {
  const { auths = {} } = await readConfig(source)
  for (const [address, entry] of Object.entries(auths)) {
    if (!hosts.includes(hostOf(address))) continue
    const credential = credentialOf(entry)
    if (credential !== undefined) return credential
  }
  return undefined
}

async function readConfig({ dockerConfig, env }: CredentialSource): Promise<z.infer<typeof Config>> {
  const path = dockerConfig ?? join(env.DOCKER_CONFIG ?? join(env.HOME ?? '/', '.docker'), 'config.json')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (dockerConfig === undefined) return '{}'
    throw new Error(`the credentials in ${path} cannot be read (${error.code ?? 'unknown'})`)
  })
  const config = Config.safeParse(parseJson(text))
  if (config.success) return config.data
  if (dockerConfig === undefined) return {}
  throw new Error(`${path} is no configuration of Docker`)
}

// The parser's own words quote what it could not read.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Keys are hosts, or addresses such as `https://HOST/v1/` that older clients wrote. */
function hostOf(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

function credentialOf(entry: {
  auth?: string | undefined
  username?: string | undefined
  password?: string | undefined
}): RegistryCredential | undefined {
  const { username, password } = entry
  if (username !== undefined && password !== undefined) return { username, password }
  const [, name, secret] =
    /^([^:]+):(.*)$/s.exec(Buffer.from(entry.auth ?? '', 'base64').toString('utf8')) ?? []
  return name === undefined || secret === undefined ? undefined : { username: name, password: secret }
}
