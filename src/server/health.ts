/** Whether this process can do its work, and if not, why. */
type HealthState = { readonly serving: true } | { readonly serving: false; readonly reason: string }

export type HealthSource = {
  current(): HealthState
  /** Calls back on every change; returns the function that ends it. */
  subscribe(listener: (state: HealthState) => void): () => void
}

export type Health = HealthSource & {
  setServing(): void
  setNotServing(reason: string): void
}

/** Health that others set. It begins as not serving: being up is not being ready. */
export function createHealth(reason = 'starting'): Health {
  const listeners = new Set<(state: HealthState) => void>()
  let state: HealthState = { serving: false, reason }
  function change(next: HealthState): void {
    state = next
    for (const listener of listeners) listener(next)
  }
  return {
    current: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setServing: () => change({ serving: true }),
    setNotServing: (why) => change({ serving: false, reason: why }),
  }
}
