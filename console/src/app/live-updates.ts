import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useApi } from '../api/api-context.ts'

/** Events come in bursts; pages are asked anew at most this often. */
const GATHER_MS = 250
const RETRY_MS = 2_000

/**
 * Follows what happens in the domain and has pages that are about it asked anew. Only while the page can be seen: a browser keeps few
 * connections to one server, and each of these holds one. Returns whether it follows.
 */
export function useLiveUpdates(): boolean {
  const api = useApi()
  const queries = useQueryClient()
  const [isLive, setIsLive] = useState(false)

  useEffect(() => {
    const left = new AbortController()
    let stream: AbortController | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let hasEnded = false

    function refresh() {
      timer = undefined
      // The end of a job is news for every page, its progress for those about jobs.
      void queries.invalidateQueries(hasEnded ? {} : { queryKey: ['jobs'] })
      hasEnded = false
    }

    async function follow(signal: AbortSignal) {
      for await (const { type } of api.watch({ types: 'job,job_task' }, signal)) {
        setIsLive(true)
        if (type === 'heartbeat') continue
        hasEnded ||= type === 'job.ended' || type === 'resync'
        timer ??= setTimeout(refresh, GATHER_MS)
      }
    }

    async function keepFollowing() {
      while (!left.signal.aborted && document.visibilityState === 'visible') {
        stream = new AbortController()
        const { signal } = stream
        setIsLive(true)
        await follow(AbortSignal.any([signal, left.signal])).catch(() => undefined)
        if (signal.aborted || left.signal.aborted) return
        setIsLive(false)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }

    function onVisibility() {
      stream?.abort()
      if (document.visibilityState === 'visible') void keepFollowing()
    }

    document.addEventListener('visibilitychange', onVisibility)
    void keepFollowing()
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      left.abort()
      clearTimeout(timer)
    }
  }, [api, queries])

  return isLive
}
