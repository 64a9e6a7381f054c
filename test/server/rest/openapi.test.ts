import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STATUS_OF_KIND } from '../../../src/server/errors.ts'
import { startApi, type TestApi } from '../../support/api-server.ts'
import { collectorService } from '../collector-service.ts'
import { regionService } from '../region-service.ts'

type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly properties?: Record<string, Schema>
  readonly items?: Schema
  readonly enum?: readonly string[]
  readonly additionalProperties?: unknown
  readonly description?: string
}

type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly security?: readonly object[]
  readonly 'x-permission'?: string
  readonly requestBody: { readonly content: Record<string, { readonly schema: Schema }> }
  readonly responses: Record<string, { readonly $ref?: string }>
}

type Document = {
  readonly openapi: string
  readonly security: readonly object[]
  readonly paths: Record<string, { readonly get?: Operation; readonly post?: Operation }>
  readonly components: {
    readonly schemas: Record<string, Schema>
    readonly responses: Record<string, unknown>
    readonly securitySchemes: Record<string, object>
  }
}

let api: TestApi
let document: Document
beforeAll(async () => {
  api = await startApi([regionService().service, collectorService])
  document = asDocument((await api.get('/openapi.json')).json())
})
afterAll(() => api.stop())

describe('/openapi.json', () => {
  test('describes every implemented method at its path of the contract, and no other', () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(Object.keys(document.paths).sort()).toEqual([
      '/check',
      '/inventory/v1/collector/add_schedule',
      '/inventory/v1/collector/create',
      '/inventory/v1/collector/list',
      '/inventory/v1/region/create',
      '/inventory/v1/region/delete',
      '/inventory/v1/region/get',
    ])
  })

  test('declares the API key, for all but what is open', () => {
    expect(document.security).toEqual([{ apiKey: [] }])
    expect(document.components.securitySchemes).toMatchObject({ apiKey: { type: 'http', scheme: 'bearer' } })
    const operations = Object.values(document.paths).flatMap(({ get, post }) => get ?? post ?? [])
    const keyless = operations.filter(({ security }) => security?.length === 0)
    const open = operations.filter((each) => each['x-permission'] === 'open' || each.operationId === 'check')
    expect(keyless).toEqual(open)
    expect(open.length).toBeGreaterThan(0)
    expect(operations.length).toBeGreaterThan(open.length)
  })

  test('has a target for every reference', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)]
    expect(references.length).toBeGreaterThan(50)
    for (const [, section, name] of references) {
      expect(
        section === 'schemas' ? document.components.schemas : document.components.responses,
      ).toHaveProperty([String(name)])
    }
  })

  test('says of every method what it is and how it fails', () => {
    const statuses = new Set(Object.values(STATUS_OF_KIND).map(({ http }) => String(http)))
    for (const { post } of Object.values(document.paths)) {
      if (post === undefined) continue
      expect(post.summary).toMatch(/\.$/)
      expect(Object.keys(post.responses)).toEqual(expect.arrayContaining(['200', ...statuses]))
    }
  })

  test('closes what is sent, with the meaning of each field', () => {
    const request = document.components.schemas['spaceone.api.inventory.v1.CreateCollectorRequest']
    expect(request).toMatchObject({ type: 'object', additionalProperties: false })
    expect(Object.keys(request?.properties ?? {})).toEqual([
      'name',
      'plugin_info',
      'priority',
      'tags',
      'domain_id',
      'is_public',
      'project_id',
    ])
    for (const field of Object.values(request?.properties ?? {})) expect(field.description).not.toBe('')
    const mode = document.components.schemas['spaceone.api.inventory.v1.PluginInfo.UpgradeMode']
    expect(mode).toMatchObject({ type: 'string', enum: ['NONE', 'MANUAL', 'AUTO'] })
  })

  test('describes the answers the server gives', async () => {
    const answer = await api.post(
      '/inventory/v1/region/create',
      '{"domain_id":"domain-aaaaaaaaaaaa","tags":{}}',
    )
    const schema = document.components.schemas['spaceone.api.inventory.v1.RegionInfo']
    expect(Object.keys(schema?.properties ?? {}).sort()).toEqual(Object.keys(Object(answer.json())).sort())
  })
})

describe('/docs', () => {
  test('is one page that loads nothing from elsewhere', async () => {
    const { text, headers } = await api.get('/docs')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    expect(text).not.toMatch(/@import|url\(|innerHTML|eval\(/)
  })

  test('allows by its policy exactly the script and the style that it holds', async () => {
    const { text, headers } = await api.get('/docs')
    const policy = headers.get('content-security-policy')
    const script = /<script type="module">([\s\S]*?)<\/script>/.exec(text)?.[1] ?? ''
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? ''
    expect(script).toContain('/openapi.json')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`script-src '${hashOf(script)}'`)
    expect(policy).toContain(`style-src '${hashOf(style)}'`)
    expect(policy).not.toMatch(/unsafe|\*/)
    expect(text.match(/<script|<style|\sstyle=|\son\w+=/g)).toEqual(['<style', '<script'])
  })
})

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

function asDocument(json: unknown): Document {
  return json as Document
}
