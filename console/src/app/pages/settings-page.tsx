import { Page } from '../../components/ui/page.tsx'
import { ApiKeys } from '../../features/settings/components/api-keys.tsx'
import { Projects } from '../../features/settings/components/projects.tsx'
import { Webhooks } from '../../features/settings/components/webhooks.tsx'
import { useSignedIn } from '../session/session-context.ts'

/** What a domain is set up with besides collectors: projects, where its events go, who may call. */
export function SettingsPage() {
  const { caller } = useSignedIn()
  return (
    <Page title="Settings">
      <Projects />
      <Webhooks />
      <ApiKeys isOpen={caller.key === ''} />
    </Page>
  )
}
