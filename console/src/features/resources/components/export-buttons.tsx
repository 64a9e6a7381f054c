import { useMutation } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.ts'
import { Button } from '../../../components/ui/button.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { formatCount } from '../../../format/count.ts'
import { saveFile, toCsv } from '../api/export-rows.ts'
import { findAllResources, type ResourcesWanted } from '../api/use-resources.ts'

/** Whoever wants more asks the API. */
const MOST = 10_000

/** Saves what a search finds, all pages of it. */
export function ExportButtons({ of, total }: { of: ResourcesWanted; total: number }) {
  const api = useApi()
  const save = useMutation({
    mutationFn: async (format: 'csv' | 'json') => {
      const rows = await findAllResources(api, of, MOST)
      if (format === 'csv') saveFile('resources.csv', 'text/csv', toCsv(rows))
      else saveFile('resources.json', 'application/json', `${JSON.stringify(rows, undefined, 2)}\n`)
    },
  })
  const first = total > MOST ? ` (the first ${formatCount(MOST)})` : ''
  return (
    <div className="export">
      <span className="fine">Export{first}</span>
      <Button disabled={save.isPending} aria-label="Export as CSV" onClick={() => save.mutate('csv')}>
        CSV
      </Button>
      <Button disabled={save.isPending} aria-label="Export as JSON" onClick={() => save.mutate('json')}>
        JSON
      </Button>
      {save.error !== null && <ErrorNotice error={save.error} />}
    </div>
  )
}
