/** What an engine says of the registries it pulls from. */
export type EngineRegistries = {
  /** Host of the registry that images without a host come from. */
  readonly defaultHost: string | undefined
  /** Hosts that the engine was told to speak plain HTTP with. */
  readonly plainHosts: ReadonlySet<string>
}

/** Where the tags of an image are listed. */
export type RegistryLocation = {
  /** Scheme, host and port. */
  readonly origin: string
  readonly host: string
  /** The image's name within the registry. */
  readonly name: string
  /** Whether the image names no registry, and the engine's own is asked. */
  readonly isDefault: boolean
}

/**
 * The registry of an image, by the rule of the engine: what comes before the first slash is a host if it
 * holds a dot or a colon or is `localhost`. Undefined where the image names none and no engine says what it
 * would use.
 */
export function locateRegistry(
  repository: string,
  { defaultHost, plainHosts }: EngineRegistries,
): RegistryLocation | undefined {
  const slash = repository.indexOf('/')
  const first = slash === -1 ? '' : repository.slice(0, slash)
  if (/[.:]/.test(first) || first === 'localhost') {
    const isPlain = plainHosts.has(first) || isLoopback(first)
    const name = repository.slice(slash + 1)
    return { origin: `${isPlain ? 'http' : 'https'}://${first}`, host: first, name, isDefault: false }
  }
  if (defaultHost === undefined) return undefined
  // The default registry keeps images without a namespace in this one.
  const name = slash === -1 ? `library/${repository}` : repository
  return { origin: `https://${defaultHost}`, host: defaultHost, name, isDefault: true }
}

// The engine pulls from the loopback without TLS as well.
function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '')
  return name === 'localhost' || /^127(\.\d{1,3}){3}$/.test(name)
}
