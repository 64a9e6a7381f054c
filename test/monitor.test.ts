import { expect, onTestFinished, test } from 'vitest'
import { startTestApp } from './support/app.ts'

const KEY = 'a-key-of-the-administrator-of-32-characters'

test('a process without the api role tells its health and its metrics on a port of its own, and nothing else', async () => {
  const { app, stop } = await startTestApp({ args: ['--roles', 'worker', '--metrics-port', '0'] })
  onTestFinished(stop)
  const url = `http://127.0.0.1:${app.metricsPort}`

  await expect.poll(async () => await (await fetch(`${url}/check`)).json()).toEqual({ status: 'SERVING' })
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toMatch(/^gleaner_tasks_running 0$/m)
  expect(metrics).toMatch(/^gleaner_scheduler_lag_seconds /m)
  const call = await fetch(`${url}/inventory/v1/collector/list`, { method: 'POST', body: '{}' })
  expect(call.status).toBe(404)
  expect((await fetch(`${url}/openapi.json`)).status).toBe(404)
})

test('its metrics are for the administrator alone once there is an API key', async () => {
  const { app, stop } = await startTestApp({
    args: ['--roles', 'scheduler', '--metrics-port', '0'],
    env: { GLEANER_FIRST_API_KEY: KEY },
  })
  onTestFinished(stop)
  const url = `http://127.0.0.1:${app.metricsPort}/metrics`

  expect((await fetch(url)).status).toBe(401)
  expect((await fetch(url, { headers: { authorization: `Bearer ${KEY}` } })).status).toBe(200)
})

test('a process has no such port unless it is given one', async () => {
  const { app, stop } = await startTestApp({ args: ['--roles', 'scheduler'] })
  onTestFinished(stop)
  expect([app.ports, app.metricsPort]).toEqual([undefined, undefined])
})
