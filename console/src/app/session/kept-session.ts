const KEY = 'gleaner.key'
const DOMAIN = 'gleaner.domain'

/**
 * What of a session outlives a reload: the key as long as its tab, the choice of a domain longer. Never in an
 * address.
 */
export const keptSession = {
  key: () => sessionStorage.getItem(KEY) ?? '',
  domainId: () => localStorage.getItem(DOMAIN) ?? '',
  keepKey(key: string) {
    if (key === '') sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, key)
  },
  keepDomain(domainId: string) {
    localStorage.setItem(DOMAIN, domainId)
  },
}
