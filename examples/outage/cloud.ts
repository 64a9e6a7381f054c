import { once } from 'node:events'
import { createServer } from 'node:http'

export const REGIONS = ['north', 'south', 'west'] as const
export type Region = (typeof REGIONS)[number]

/** What a region does when it is asked: `mute` is the worst, an empty list that looks like a good one. */
export type Mood = 'well' | 'denies' | 'truncates' | 'mute'

export type Cloud = {
  readonly url: string
  setMood(region: Region, mood: Mood): void
  /** Deletes a volume, as its owner would. */
  remove(name: string): void
  stop(): void
}

const VOLUMES_A_REGION = 4
const PAGE = 2

/** Starts the API of a small cloud: a few volumes in three regions, two to a page. */
export async function startCloud(): Promise<Cloud> {
  const moods = new Map<string, Mood>()
  let volumes = REGIONS.flatMap((region, at) =>
    Array.from({ length: VOLUMES_A_REGION }, (_, number) => ({
      region,
      id: `vol-${at + 1}${number + 1}`,
      name: `${region}-${number + 1}`,
      size_gib: 10 * (number + 1),
    })),
  )

  function answer(region: string, page: number): { readonly status: number; readonly body: object } {
    const mood = moods.get(region) ?? 'well'
    const there = volumes.filter((each) => each.region === region)
    if (mood === 'denies') return { status: 403, body: { error: 'you may not list volumes here' } }
    if (mood === 'mute') return { status: 200, body: { volumes: [], total: 0 } }
    const next = (page + 1) * PAGE < there.length && mood === 'well' ? `${page + 1}` : undefined
    const shown = there.slice(page * PAGE, (page + 1) * PAGE)
    return { status: 200, body: { volumes: shown, total: there.length, next } }
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://cloud')
    const { status, body } = answer(pathname.split('/')[1] ?? '', Number(searchParams.get('page') || 0))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    setMood: (region, mood) => void moods.set(region, mood),
    remove(name) {
      volumes = volumes.filter((each) => each.name !== name)
    },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('the cloud listens on no port')
  return address.port
}
