/**
 * What has to be asked anew after events of these types, as beginnings of the keys of questions. The end of a
 * job is news for every page; that one moves is news for those about jobs, and that one has begun also for
 * what lists the last job of each collector.
 */
export function staleAfter(types: ReadonlySet<string>): readonly (readonly string[])[] {
  if (types.has('job.ended') || types.has('resync')) return [[]]
  return types.has('job.created') ? [['jobs'], ['last-jobs']] : [['jobs']]
}
