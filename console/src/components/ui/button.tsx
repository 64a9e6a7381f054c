import type { ComponentProps } from 'react'

type Look = 'plain' | 'primary' | 'danger'

/** A button that submits nothing unless it says so. */
export function Button({
  look = 'plain',
  className = '',
  ...props
}: ComponentProps<'button'> & { look?: Look }) {
  return <button type="button" className={`button ${look} ${className}`} {...props} />
}
