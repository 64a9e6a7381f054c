import { Link } from '@tanstack/react-router'
import { useCollectorNames } from '../../api/use-collector-names.ts'

/** A collector by its name, which leads to it. */
export function CollectorLink({ id }: { id: string }) {
  const names = useCollectorNames()
  return (
    <Link to="/collectors/$id" params={{ id }}>
      {names.get(id) ?? id}
    </Link>
  )
}
