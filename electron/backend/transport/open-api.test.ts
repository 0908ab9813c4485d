import Ajv from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { methods } from '../../../shared/contract/contract.js'
import { openApiDocument } from './open-api.js'

interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  schema: Record<string, unknown>
}
interface Operation {
  operationId: string
  security?: unknown
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Record<string, { schema: Record<string, unknown> }> }
  responses: Record<string, { content: Record<string, { schema: Record<string, unknown> }> }>
}
interface Document {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Record<string, unknown>>; securitySchemes: Record<string, unknown> }
}

// Through JSON, as a client receives it.
const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as Document
const operations = Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation })))

/** Every value under this key, at any depth. */
function valuesOf(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, entry]) => [...(name === key ? [entry as unknown] : []), ...valuesOf(key, entry)])
}

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 with every method’s bindings', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info).toMatchObject({ title: 'CareChat Desktop', version: '1.2.3' })
    for (const [name, definition] of methods) {
      expect(document.paths[`/rpc/${name}`]?.['post'], name).toBeDefined()
      for (const binding of definition.http ?? []) expect(document.paths[binding.path]?.[binding.method.toLowerCase()], `${binding.method} ${binding.path}`).toBeDefined()
    }
  })

  it('names each operation once and asks for a token where the method does', () => {
    const names = operations.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
    for (const [name, definition] of methods) {
      expect(document.paths[`/rpc/${name}`]?.['post']?.security !== undefined, name).toBe(definition.access !== 'anyone')
    }
  })

  it('declares the parameters of its paths, and no parameter twice', () => {
    for (const { path, method, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path')
      expect(declared.map((parameter) => parameter.name), `${method} ${path}`).toEqual(inPath)
      expect(declared.every((parameter) => parameter.required)).toBe(true)
      expect(new Set(operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).size).toBe(operation.parameters.length)
      if (method === 'get' || method === 'delete') expect(operation.requestBody, `${method} ${path}`).toBeUndefined()
    }
    const history = document.paths['/chat/conversations/{user_id}/{conversation_id}']?.['get']
    expect(history?.parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).toEqual(['path user_id', 'path conversation_id', 'query skip', 'query limit', 'query before'])
    expect(history?.parameters[1]?.schema).toMatchObject({ type: 'string', format: 'uuid' })
  })

  it('describes the body of a question with the field that names its caller, and both forms of its answer', () => {
    const ask = document.paths['/chat/']?.['post']
    const schema = ask?.requestBody?.content['application/json']?.schema as { properties: Record<string, unknown>; required: string[] }
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['message', 'user_id', 'conversation_id', 'provider']))
    expect(schema.required).toEqual(['message'])
    expect(Object.keys(ask?.responses['200']?.content ?? {})).toEqual(['application/json', 'text/event-stream'])
  })

  it('has no reference that leads nowhere', () => {
    for (const reference of valuesOf('$ref', document)) {
      const steps = String(reference).replace(/^#\//, '').split('/')
      const target = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document)
      expect(target, String(reference)).toBeDefined()
    }
  })

  it('holds schemas that are valid JSON Schema 2020-12', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false })
    for (const schema of valuesOf('schema', document.paths)) {
      expect(() => ajv.compile({ ...(schema as Record<string, unknown>), components: document.components })).not.toThrow()
    }
  })
})
