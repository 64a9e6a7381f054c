import type { FastifyInstance } from 'fastify'
import type { Route } from '../routes.ts'
import { createDocsPage } from './docs/page.ts'

/**
 * `GET /openapi.json` and the page that shows it, `GET /docs`. The document depends on nothing but the
 * contract and is made once, when it is first asked for: it and the comments it is made of are some
 * megabytes, which most servers never need.
 */
export function addDocumentationRoutes(app: FastifyInstance, routes: readonly Route[]): void {
  let document: Promise<string> | undefined
  const page = createDocsPage()
  app.get('/openapi.json', async (_request, reply) => {
    document ??= writeDocument(routes)
    return reply.type('application/json; charset=utf-8').send(await document)
  })
  app.get('/docs', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', page.contentSecurityPolicy)
      .send(page.html),
  )
}

async function writeDocument(routes: readonly Route[]): Promise<string> {
  const { openApiDocument } = await import('./openapi/document.ts')
  return JSON.stringify(openApiDocument(routes))
}
