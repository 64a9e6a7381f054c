/** What a provider gave for a secret, and until when it is good. */
export type Issued<T> = { readonly value: T; readonly expiresAt: Date }

/** Returns a value that is good now. Call it before each use, and keep the result for no longer. */
export type Credential<T> = () => Promise<T>

/**
 * Keeps a short-lived credential fresh. Asked for when it is first needed, once for everybody who waits;
 * asked for again in the background when half of its life is over, so that nobody waits and one failure harms
 * nothing while the old one is good. Rejects with what `issue` throws.
 */
export function createCredential<T>(
  issue: () => Promise<Issued<T>>,
  nowMs: () => number = Date.now,
): Credential<T> {
  let current: (Issued<T> & { readonly refreshAtMs: number }) | undefined
  let issuing: Promise<T> | undefined

  const refresh = (): Promise<T> => {
    issuing ??= renew().finally(() => {
      issuing = undefined
    })
    return issuing
  }
  async function renew(): Promise<T> {
    const issued = await issue()
    const askedAtMs = nowMs()
    current = { ...issued, refreshAtMs: askedAtMs + (issued.expiresAt.getTime() - askedAtMs) / 2 }
    return issued.value
  }
  return async () => {
    if (current === undefined || nowMs() >= current.expiresAt.getTime()) return refresh()
    if (nowMs() >= current.refreshAtMs) refresh().catch(() => {})
    return current.value
  }
}
