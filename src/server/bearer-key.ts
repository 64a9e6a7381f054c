/** The key of an `Authorization: Bearer KEY` header; '' without one, or when it speaks of another scheme. */
export function bearerKey(header: string | undefined): string {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? ''
}
