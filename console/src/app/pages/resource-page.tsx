import { ResourceHistory } from '../../features/history/components/resource-history.tsx'
import { ResourceView } from '../../features/resources/components/resource-view.tsx'

/** One resource and its history. */
export function ResourcePage({ id }: { id: string }) {
  return (
    <ResourceView key={id} id={id}>
      <ResourceHistory id={id} />
    </ResourceView>
  )
}
