/** The judge of the plugin protocol, for the plugins of this repository. */
export { PluginClient } from '../../sdk/test/support/plugin-client.ts'
