import type { ComponentProps } from 'react'

/**
 * A line that shows dots. No password field: browsers offer to save and to fill those, whatever they are
 * told, and a credential of a plugin or an API key has no place among the passwords of who types it.
 */
export function MaskedInput({ className = '', ...props }: ComponentProps<'input'>) {
  return (
    <input
      {...props}
      type="text"
      className={`masked ${className}`.trim()}
      spellCheck={false}
      autoCapitalize="none"
      autoCorrect="off"
      autoComplete="off"
    />
  )
}
