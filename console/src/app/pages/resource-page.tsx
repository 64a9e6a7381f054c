import { Blame } from '../../features/history/components/blame.tsx'
import { ResourceHistory } from '../../features/history/components/resource-history.tsx'
import { ResourceView } from '../../features/resources/components/resource-view.tsx'

type ResourcePageProps = { readonly id: string; readonly at: string; readonly onAt: (at: string) => void }

/** One resource, its history, and where its values come from. */
export function ResourcePage({ id, at, onAt }: ResourcePageProps) {
  return (
    <ResourceView key={id} id={id} at={at} onAt={onAt}>
      <ResourceHistory id={id} />
      <Blame id={id} />
    </ResourceView>
  )
}
