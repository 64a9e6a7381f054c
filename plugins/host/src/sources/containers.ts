import { request } from 'node:http'
import type { Finding, Source } from '../source.ts'

const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/** What is used of an entry of the engine's container list; everything may be missing. */
export type EngineContainer = {
  readonly Id?: string
  readonly Names?: readonly string[]
  readonly Image?: string
  readonly ImageID?: string
  readonly Command?: string
  readonly Created?: number
  readonly State?: string
  readonly Labels?: Readonly<Record<string, string>>
  readonly Ports?: readonly EnginePort[]
  readonly Mounts?: readonly {
    readonly Type?: string
    readonly Source?: string
    readonly Destination?: string
  }[]
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string }>> }
}

type EnginePort = {
  readonly IP?: string
  readonly PrivatePort?: number
  readonly PublicPort?: number
  readonly Type?: string
}

/**
 * Containers of a Docker-compatible engine, running or not. Where none answers to this user there are none.
 */
export const readContainers: Source = async ({ dockerSocket, signal, log }) => {
  try {
    return toContainers(await listContainers(dockerSocket, signal))
  } catch (error) {
    if (!isUnreachable(error)) throw error
    log.info('no container engine answers', { socket: dockerSocket, reason: error.code })
    return []
  }
}

/** The state is kept; since when, and the exit codes of the past, change by themselves. */
export function toContainers(containers: readonly EngineContainer[]): readonly Finding[] {
  return containers.map((each) => {
    const networks = Object.entries(each.NetworkSettings?.Networks ?? {}).toSorted(byKey)
    return {
      key: each.Id ?? '',
      name: each.Names?.toSorted()[0]?.replace(/^\//, '') ?? each.Id?.slice(0, 12),
      instanceType: each.Image,
      ipAddresses: networks.map(([, network]) => network.IPAddress ?? '').filter(Boolean),
      launchedAt: each.Created === undefined ? undefined : new Date(each.Created * 1000),
      tags: each.Labels ?? {},
      data: {
        image: each.Image,
        image_id: each.ImageID,
        command: each.Command,
        state: each.State,
        ports: (each.Ports ?? []).map(toPort).toSorted(),
        mounts: (each.Mounts ?? [])
          .map(({ Type, Source, Destination }) => ({ type: Type, source: Source, target: Destination }))
          .toSorted(byTarget),
        networks: networks.map(([name]) => name),
      },
    }
  })
}

function listContainers(socketPath: string, signal: AbortSignal): Promise<readonly EngineContainer[]> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: '/containers/json?all=1', signal }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
        if (text.length > MAX_ANSWER_BYTES)
          sent.destroy(new Error('the container engine answered without end'))
      })
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`the container engine answered ${answer.statusCode}`))
        else resolveParsed(text, resolve, reject)
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

function resolveParsed(
  text: string,
  resolve: (containers: readonly EngineContainer[]) => void,
  reject: (error: Error) => void,
): void {
  try {
    const parsed: unknown = JSON.parse(text)
    if (Array.isArray(parsed)) resolve(parsed)
    else reject(new Error('the container engine did not answer with a list'))
  } catch (error) {
    reject(new Error('the container engine did not answer with JSON', { cause: error }))
  }
}

/** No engine, or one that does not talk to this user. */
function isUnreachable(error: unknown): error is NodeJS.ErrnoException {
  const codes = ['ENOENT', 'EACCES', 'EPERM', 'ECONNREFUSED', 'ENOTSOCK']
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code)
}

function toPort({ IP, PrivatePort, PublicPort, Type }: EnginePort): string {
  const target = `${PrivatePort ?? ''}/${Type ?? 'tcp'}`
  return PublicPort === undefined ? target : `${IP ?? ''}:${PublicPort}->${target}`
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

function byTarget(
  a: { readonly target?: string | undefined },
  b: { readonly target?: string | undefined },
): number {
  return (a.target ?? '') < (b.target ?? '') ? -1 : 1
}
