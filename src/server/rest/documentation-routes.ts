import type { FastifyInstance } from 'fastify'
import type { Route } from '../routes.ts'
import { createDocsPage } from './docs/page.ts'
import { openApiDocument } from './openapi/document.ts'

/** `GET /openapi.json` and the page that shows it, `GET /docs`. Both are made once: they depend on nothing but the contract. */
export function addDocumentationRoutes(app: FastifyInstance, routes: readonly Route[]): void {
  const document = JSON.stringify(openApiDocument(routes))
  const page = createDocsPage()
  app.get('/openapi.json', async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document),
  )
  app.get('/docs', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', page.contentSecurityPolicy)
      .send(page.html),
  )
}
