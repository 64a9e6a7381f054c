import comments from '../../../gen/comments.json' with { type: 'json' }

/**
 * The comment above a service, method, message, field or enum value of the contract; empty when it has none.
 */
export function commentOf(name: string): string {
  const all: Readonly<Record<string, string>> = comments
  return Object.hasOwn(all, name) ? (all[name] ?? '') : ''
}
