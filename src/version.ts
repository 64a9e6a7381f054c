import manifest from '../package.json' with { type: 'json' }

/** Gleaner's own version, as `ServerInfo.get_version` tells it. */
export const VERSION: string = manifest.version
