import type { FastifyInstance } from 'fastify'
import type { Route } from '../routes.ts'

export function addDocumentationRoutes(_app: FastifyInstance, _routes: readonly Route[]): void {}
