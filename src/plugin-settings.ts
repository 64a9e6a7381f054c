import type { Config } from './config/index.ts'
import type { PluginSettings } from './plugins/index.ts'

/**
 * How plugins are run, as the configuration says it; what it does not speak of has the default of the host.
 * Pure.
 */
export function toPluginSettings(config: Config): Partial<PluginSettings> {
  return { ...pluginRules(config), ...pluginTimeouts(config) }
}

/** Which plugins may run, where they come from, and what they may do. */
function pluginRules(config: Config): Partial<PluginSettings> {
  const { allowedImages, allowedRuntimes, dockerConfig, dockerSocket, npmRegistry } = config
  const { pluginCaFile: caFile, pluginCertFile: certFile, pluginKeyFile: keyFile } = config
  const versionsMaxAgeMs = config.pluginVersionsMaxAgeSeconds * 1_000
  const { pluginAllow: reachAllow, pluginReach: reach } = config
  const { pluginDropPrivileges: dropPrivileges, pluginMaxMemoryMb: maxRssMb } = config
  return {
    allowedImages,
    allowedRuntimes,
    dockerConfig,
    dockerSocket,
    npmRegistry,
    caFile,
    certFile,
    keyFile,
    versionsMaxAgeMs,
    reach,
    reachAllow,
    dropPrivileges,
    maxRssMb,
  }
}

function pluginTimeouts(config: Config): Partial<PluginSettings> {
  return {
    startTimeoutMs: config.pluginStartTimeoutSeconds * 1_000,
    initTimeoutMs: config.pluginInitTimeoutSeconds * 1_000,
    verifyTimeoutMs: config.pluginCallTimeoutSeconds * 1_000,
    getTasksTimeoutMs: config.pluginCallTimeoutSeconds * 1_000,
    silenceTimeoutMs: config.pluginSilenceTimeoutSeconds * 1_000,
  }
}
