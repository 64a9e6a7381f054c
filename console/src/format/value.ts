/** Any value as one short text: texts as they are, the rest as JSON. */
export function inWords(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/**
 * An address that a link may lead to: http and https, and nothing that could run here. What plugins report is
 * not trusted.
 */
export function safeUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined
}
