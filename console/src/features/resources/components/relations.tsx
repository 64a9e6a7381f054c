import { Link } from '@tanstack/react-router'
import { Section } from '../../../components/ui/page.tsx'
import { type Relation, relationsIn } from '../api/relations.ts'
import type { Resource } from '../api/resource.ts'
import { type Related, useRelated } from '../api/use-related.ts'

/** What a resource has to do with others; nothing where its plugin says nothing of that. */
export function Relations({ of: { provider, data } }: { of: Resource }) {
  const relations = relationsIn(data)
  const ids = [...new Set(relations.map(({ resourceId }) => resourceId))]
  const related = useRelated(provider, ids)
  if (relations.length === 0) return null
  return (
    <Section title="Relations">
      <ul className="plain pairs">
        {relations.map((relation) => (
          <li key={`${relation.name} ${relation.resourceId}`}>
            <span className="fine">{relation.name.replaceAll('_', ' ')}</span>
            <Other of={relation} found={related.data?.get(relation.resourceId)} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** The other resource: a link where it is in the inventory, else what the plugin says of it. */
function Other({ of, found }: { of: Relation; found: Related | undefined }) {
  if (found === undefined)
    return (
      <span className="code">
        {of.type} {of.resourceId}
      </span>
    )
  return (
    <Link to="/resources/$id" params={{ id: found.cloud_service_id }} title={of.resourceId}>
      {found.cloud_service_type} {found.name || of.resourceId}
    </Link>
  )
}
