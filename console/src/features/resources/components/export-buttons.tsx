import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApi } from '../../../api/api-context.ts'
import { Button } from '../../../components/ui/button.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { formatCount } from '../../../format/count.ts'
import { nameOfExport, saveFile, toCsv, toJson } from '../api/export-rows.ts'
import { findAllResources, type ResourcesWanted } from '../api/use-resources.ts'

/** Whoever wants more asks the API. */
const MOST = 10_000

type ExportButtonsProps = {
  readonly of: ResourcesWanted
  readonly total: number
  /** False as long as it is not known what there is to export. */
  readonly isReady: boolean
}

/** Saves what a search finds, all pages of it; who leaves or searches for something else ends that. */
export function ExportButtons({ of, total, isReady }: ExportButtonsProps) {
  const api = useApi()
  const visit = useRef<AbortController>(undefined)
  useEffect(() => () => visit.current?.abort(), [])
  const save = useMutation({
    mutationFn: async (format: 'csv' | 'json') => {
      visit.current = new AbortController()
      const found = await findAllResources(api, of, MOST, visit.current.signal)
      const name = nameOfExport(found, format)
      if (format === 'csv') saveFile(name, 'text/csv', toCsv(found.rows))
      else saveFile(name, 'application/json', toJson(found))
    },
  })
  const first = total > MOST ? ` the first ${formatCount(MOST)} of ${formatCount(total)}` : ''
  const isOff = save.isPending || !isReady
  return (
    <div className="export">
      <span className="fine">Export{first}</span>
      <Button disabled={isOff} aria-label="Export as CSV" onClick={() => save.mutate('csv')}>
        CSV
      </Button>
      <Button disabled={isOff} aria-label="Export as JSON" onClick={() => save.mutate('json')}>
        JSON
      </Button>
      {save.error !== null && <ErrorNotice error={save.error} />}
    </div>
  )
}
