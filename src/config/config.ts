import { z } from 'zod'
import { configError } from './config-error.ts'
import { OPTIONS } from './options.ts'
import { absolute, type ConfigSources, gatherOptions } from './sources.ts'
import { suggest } from './suggest.ts'

const Config = z.strictObject(schemasOf(OPTIONS))
export type Config = z.infer<typeof Config>

/**
 * Reads flags, environment and config file into one value. Every complaint comes in one error, with its
 * source.
 */
export function readConfig(from: ConfigSources): Config {
  const { root } = from
  const { values, sources } = gatherOptions(from)
  const parsed = Config.safeParse(values)
  if (!parsed.success) throw configError(parsed.error.issues.map((issue) => describe(issue, sources)))
  const { dockerConfig, dataDir, masterKeyFile, tlsCert, tlsKey } = parsed.data
  const { pluginCaFile, pluginCertFile, pluginKeyFile } = parsed.data
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw configError(['GLEANER_TLS_CERT and GLEANER_TLS_KEY belong together: give both files, or neither'])
  return {
    ...parsed.data,
    dataDir: absolute(root, dataDir),
    ...(masterKeyFile !== undefined && { masterKeyFile: absolute(root, masterKeyFile) }),
    dockerConfig: dockerConfig && absolute(root, dockerConfig),
    pluginCaFile: pluginCaFile && absolute(root, pluginCaFile),
    pluginCertFile: pluginCertFile && absolute(root, pluginCertFile),
    pluginKeyFile: pluginKeyFile && absolute(root, pluginKeyFile),
    tlsCert: tlsCert && absolute(root, tlsCert),
    tlsKey: tlsKey && absolute(root, tlsKey),
  }
}

type SchemasOf<T extends Readonly<Record<string, { readonly schema: z.ZodType }>>> = {
  -readonly [Key in keyof T]: T[Key]['schema']
}

// Mapping an object loses which key has which schema; nothing is left out or added here.
function schemasOf<T extends Readonly<Record<string, { readonly schema: z.ZodType }>>>(
  options: T,
): SchemasOf<T> {
  const schemas = Object.entries(options).map(([key, { schema }]) => [key, schema])
  return Object.fromEntries(schemas) as SchemasOf<T>
}

// The value is never printed: a database URL holds a password.
function describe(issue: z.core.$ZodIssue, sources: Readonly<Record<string, string>>): string {
  const key = String(issue.path[0] ?? '')
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .map((name) => `unknown option '${name}'${suggest(name, Object.keys(OPTIONS))}`)
      .join(', ')
  if (issue.code === 'invalid_type' && issue.expected === 'number')
    return `${sources[key] ?? key}: it takes a number`
  return `${sources[key] ?? key}: ${issue.message}`
}
