import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** A number, or one for each value of a label; read when somebody asks for the metrics. */
type Reading = number | Readonly<Record<string, number>>

type MetricNames = {
  /** Without the prefix `gleaner_`. */
  readonly name: string
  readonly help: string
  /** The label of a reading that has several numbers. Its values are few and of our own choice: never ids. */
  readonly label?: string
}

export type Metrics = {
  /** What is so right now. */
  gauge(names: MetricNames, read: () => Reading | Promise<Reading>): void
  /** What has happened since the process began. */
  counter(names: MetricNames, read: () => Reading | Promise<Reading>): void
  /** Notes a request that has been answered. */
  noteRequest(request: RequestNote): void
  /** All of it, in Prometheus' text format. What cannot be read is left out. */
  text(): Promise<string>
  stop(): void
}

export type RequestNote = {
  readonly transport: string
  /** Full name of the method: as many values as the server has methods. */
  readonly method: string
  /** `OK`, or the code of the error. */
  readonly code: string
  readonly ms: number
  /** Streams are counted, but as long as somebody listens is no duration of ours. */
  readonly isStream: boolean
}

const PREFIX = 'gleaner_'
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

/** The metrics of this process. Numbers stay where they arise and are read when they are asked for. */
export function createMetrics(onError: (name: string, thrown: unknown) => void): Metrics {
  const registry = new Registry()
  const loopDelay = monitorEventLoopDelay({ resolution: 20 })
  loopDelay.enable()
  const requests = new Counter({
    name: `${PREFIX}requests_total`,
    help: 'Requests answered, by method and outcome.',
    labelNames: ['transport', 'method', 'code'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: `${PREFIX}request_seconds`,
    help: 'Time from the request to its answer, by method; streams are left out.',
    labelNames: ['method'],
    buckets: REQUEST_SECONDS,
    registers: [registry],
  })

  function add(names: MetricNames, type: 'gauge' | 'counter', read: () => Reading | Promise<Reading>): void {
    const { name, help, label } = names
    const make = type === 'gauge' ? Gauge : Counter
    const metric = new make({
      name: PREFIX + name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [registry],
      async collect() {
        try {
          const reading = await read()
          metric.reset()
          for (const [value, number] of Object.entries(
            typeof reading === 'number' ? { '': reading } : reading,
          ))
            metric.inc(label === undefined ? {} : { [label]: value }, number)
        } catch (thrown) {
          // Nothing is better than what was so once.
          metric.reset()
          if (label === undefined) metric.remove()
          onError(name, thrown)
        }
      },
    })
  }

  add(
    { name: 'process_resident_bytes', help: 'Memory of this process, without its children.' },
    'gauge',
    () => process.memoryUsage.rss(),
  )
  add(
    {
      name: 'event_loop_delay_seconds',
      help: 'How late timers were since the last reading.',
      label: 'quantile',
    },
    'gauge',
    () => {
      const reading = {
        '0.5': loopDelay.percentile(50) / 1e9,
        '0.99': loopDelay.percentile(99) / 1e9,
        '1': loopDelay.max / 1e9,
      }
      loopDelay.reset()
      return reading
    },
  )

  return {
    gauge: (names, read) => add(names, 'gauge', read),
    counter: (names, read) => add(names, 'counter', read),
    noteRequest({ transport, method, code, ms, isStream }) {
      requests.inc({ transport, method, code })
      if (!isStream) seconds.observe({ method }, ms / 1_000)
    },
    text: () => registry.metrics(),
    stop: () => loopDelay.disable(),
  }
}
