/** The server as `main.ts` starts it, with the SDK's sample plugin registered beside the built-in ones. */
import { join } from 'node:path'
import { startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/index.ts'
import { greet } from '../../src/greet.ts'
import { createLogger, startTracing } from '../../src/telemetry/index.ts'
import { VERSION } from '../../src/version.ts'

const SDK = join(import.meta.dirname, '../../sdk/src')

const config = readConfig({ args: process.argv.slice(2), env: {}, root: process.cwd() })
const command = [process.execPath, join(SDK, 'launch.ts'), join(SDK, 'sample/plugin.ts')]
const log = createLogger({ level: 'info' })
const tracing = await startTracing({ env: process.env, version: VERSION, log })
const app = await startApp({
  config,
  log,
  // The clone may lie where another user cannot read; what is tested here is not the change of user.
  pluginSettings: { dropPrivileges: false },
  plugins: [
    {
      pluginId: 'plugin-sample',
      name: 'Sample',
      image: `cmd:${JSON.stringify(command)}`,
      serviceType: 'inventory.Collector',
      provider: 'acme',
      capability: {},
      versions: ['0.1.0'],
      labels: [],
    },
  ],
})
process.once('SIGTERM', () => void stop().then(() => process.exit(0)))
await greet(app, { config, startedAt: performance.now(), signal: new AbortController().signal })

async function stop(): Promise<void> {
  await app.stop()
  await tracing?.stop()
}
