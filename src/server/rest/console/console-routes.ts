import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type BuiltFile, findBuiltConsole } from './built-console.ts'
import { MISSING_PAGE } from './missing-page.ts'

/**
 * No script or style but from this server, none inline, no request elsewhere, and nobody may show it in a
 * frame. What plugins report ends up in these pages: should it ever be taken for markup, it could do nothing.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** A name that changes with the content may be kept for good. */
const FOR_GOOD = 'public, max-age=31536000, immutable'

/**
 * The web console: its page at `/` and at every address that is one of its own, and the files that the page
 * loads. Only what the build has listed can be asked for, so that no path leads out of its folder. Without a
 * build `/` says what to do.
 */
export function addConsoleRoutes(app: FastifyInstance, dir: string): void {
  const built = findBuiltConsole(dir)
  if (built === undefined) {
    app.get('/', async (_request, reply) => answerPage(reply.code(503)).send(MISSING_PAGE))
    return
  }
  for (const asset of built.assets) {
    app.get(`/${asset.path}`, async (request, reply) => {
      const chosen = await chooseContent(request, dir, asset)
      return send(reply.header('cache-control', FOR_GOOD), asset, chosen)
    })
  }
  const answerIndex = async (request: FastifyRequest, reply: FastifyReply) => {
    const chosen = await chooseContent(request, dir, built.index)
    return send(answerPage(reply).header('cache-control', 'no-cache'), built.index, chosen)
  }
  app.get('/', answerIndex)
  for (const page of built.pages) {
    app.get(`/${page}`, answerIndex)
    app.get(`/${page}/*`, answerIndex)
  }
}

function answerPage(reply: FastifyReply): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('cross-origin-opener-policy', 'same-origin')
    .header('referrer-policy', 'no-referrer')
}

type Content = {
  /** Undefined where the browser has it. */
  readonly bytes?: Buffer
  readonly encoding?: string
}

/**
 * Reads before any header is set: that a file cannot be read must not be kept for good, nor be taken for
 * packed.
 */
async function chooseContent(
  { headers }: FastifyRequest,
  dir: string,
  { encodings, etag, path }: BuiltFile,
): Promise<Content> {
  if (headers['if-none-match']?.includes(etag)) return {}
  const accepted = String(headers['accept-encoding'] ?? '').split(/[ ,]+/)
  const encoding = encodings.find(({ name }) => accepted.includes(name))
  if (encoding === undefined) return { bytes: await readFile(join(dir, path)) }
  return { bytes: await readFile(join(dir, `${path}.${encoding.suffix}`)), encoding: encoding.name }
}

function send(reply: FastifyReply, { etag, type }: BuiltFile, { bytes, encoding }: Content): FastifyReply {
  reply.type(type).header('etag', etag).header('vary', 'accept-encoding')
  if (bytes === undefined) return reply.code(304).send()
  if (encoding !== undefined) reply.header('content-encoding', encoding)
  return reply.send(bytes)
}
