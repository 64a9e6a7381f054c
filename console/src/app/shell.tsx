import { Link, Outlet } from '@tanstack/react-router'
import { Button } from '../components/ui/button.tsx'
import { useLiveUpdates } from './live-updates.ts'
import { useSignedIn } from './session/session-context.ts'

const NOUNS = [
  ['/', 'Overview'],
  ['/resources', 'Resources'],
  ['/collectors', 'Collectors'],
  ['/jobs', 'Jobs'],
  ['/coverage', 'Coverage'],
  ['/history', 'History'],
  ['/secrets', 'Secrets'],
  ['/plugins', 'Plugins'],
  ['/settings', 'Settings'],
] as const

/** What is around every page: the nouns, the domain, who is there. */
export function Shell() {
  const { caller, signOut } = useSignedIn()
  const isLive = useLiveUpdates()
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="sidebar">
        <div className="sidebar-inside">
          <Link to="/" className="brand">
            Gleaner
          </Link>
          <nav aria-label="Pages of the console">
            {NOUNS.map(([to, name]) => (
              <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
                {name}
              </Link>
            ))}
          </nav>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <footer className="sidebar-foot">
        <DomainChoice />
        <p className="fine" role="status">
          {isLive ? 'Live' : 'Live updates paused'}
        </p>
        {caller.key !== '' && <Button onClick={() => signOut()}>Sign out</Button>}
        <a href="/docs" className="fine">
          API documentation
        </a>
      </footer>
    </div>
  )
}

function DomainChoice() {
  const { caller, domains, chooseDomain } = useSignedIn()
  if (domains.length <= 1)
    return (
      <p className="domain" title={caller.domainId}>
        {domains[0]?.name ?? 'No domain yet'}
      </p>
    )
  return (
    <label className="domain">
      <span className="fine">Domain</span>
      <select value={caller.domainId} onChange={(event) => chooseDomain(event.target.value)}>
        {domains.map(({ domain_id, name }) => (
          <option key={domain_id} value={domain_id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
