import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useApi } from '../api/api-context.ts'
import type { ServerEvent } from '../api/read-events.ts'
import { followEvents } from './follow-events.ts'
import { staleAfter } from './stale-after.ts'

/** Events come in bursts; pages are asked anew at most this often. */
const GATHER_MS = 250

/**
 * Follows what happens in the domain and has pages that are about it asked anew. Only while the page can be
 * seen: a browser keeps few connections to one server, and each of these holds one. Returns whether it
 * follows.
 */
export function useLiveUpdates(): boolean {
  const api = useApi()
  const queries = useQueryClient()
  const [isLive, setIsLive] = useState(false)

  useEffect(() => {
    let visit: AbortController | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const types = new Set<string>()

    function refresh() {
      timer = undefined
      for (const queryKey of staleAfter(types)) void queries.invalidateQueries({ queryKey })
      types.clear()
    }

    function onEvent({ type }: ServerEvent) {
      if (type === 'heartbeat') return
      types.add(type)
      timer ??= setTimeout(refresh, GATHER_MS)
    }

    // Each time that the page is seen has a signal of its own: one that was left waiting never goes on beside
    // the next.
    function onVisibility() {
      visit?.abort()
      if (document.visibilityState !== 'visible') return
      visit = new AbortController()
      const open = (signal: AbortSignal) => api.watch({ types: 'job,job_task' }, signal)
      const onReturn = () => void queries.invalidateQueries()
      void followEvents({ open, onEvent, onLive: setIsLive, onReturn, wait }, visit.signal)
    }

    document.addEventListener('visibilitychange', onVisibility)
    onVisibility()
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      visit?.abort()
      clearTimeout(timer)
    }
  }, [api, queries])

  return isLive
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
