import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type DocsPage = { readonly html: string; readonly contentSecurityPolicy: string }

/**
 * The page at `/docs`, in one piece: nothing is loaded from elsewhere, so it works without internet and
 * nobody learns who reads it. Script and style run because their hashes are in the policy; anything injected
 * does not.
 */
export function createDocsPage(): DocsPage {
  const style = asset('docs.css')
  const script = asset('docs.js')
  const html = asset('docs.html')
    .replace('<!-- style -->', () => `<style>${style}</style>`)
    .replace('<!-- script -->', () => `<script type="module">${script}</script>`)
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
  return { html, contentSecurityPolicy }
}

function asset(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
