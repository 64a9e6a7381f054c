import { Fragment } from 'react'
import { type KindNames, kindOf } from '../../format/kind.ts'

/** A kind, broken into lines only behind its slashes. */
export function KindName({ of }: { of: KindNames }) {
  const parts = kindOf(of).split('/')
  return parts.map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
    <Fragment key={at}>
      {at > 0 && (
        <>
          /<wbr />
        </>
      )}
      {part}
    </Fragment>
  ))
}
