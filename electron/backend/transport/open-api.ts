/** The contract as an OpenAPI 3.1 document, made from the same schemas that check the requests. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { methods } from '../../../shared/contract/contract.js'
import { errorBody } from '../../../shared/contract/errors.js'
import type { FileField, HttpBinding, Method } from '../../../shared/contract/method.js'

type JsonObject = Record<string, unknown>

/** Schemas that refer to themselves, by the name under which the document's components hold them. */
type Components = Map<string, JsonObject>

/** A schema as JSON. Its own definitions move into the components: a part of it taken elsewhere must still find them. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Components): JsonObject {
  const { $schema: _dialect, $defs: definitions, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonObject
  if (typeof definitions !== 'object' || definitions === null) return json
  const digest = createHash('sha256').update(JSON.stringify(definitions)).digest('hex').slice(0, 8)
  const moved = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value).replaceAll(/"#\/\$defs\/(\w+)"/g, `"#/components/schemas/$1_${digest}"`)) as JsonObject
  for (const [name, definition] of Object.entries(definitions)) components.set(`${name}_${digest}`, moved(definition))
  return moved(json)
}

function properties(schema: JsonObject): Record<string, JsonObject> {
  return (schema['properties'] ?? {}) as Record<string, JsonObject>
}

/** The form that carries a file: its part brings the name as well. */
function withFile(fields: Record<string, JsonObject>, required: readonly string[], { field, nameField }: FileField): JsonObject {
  const properties = { ...fields, [field]: { type: 'string', contentMediaType: 'application/octet-stream', description: 'The file, with its name' } }
  return { type: 'object', properties, required: required.filter((name) => name !== nameField) }
}

function operation(name: string, definition: Method, binding: HttpBinding, components: Components): JsonObject {
  const input = schemaOf(definition.input, 'input', components)
  const pathNames = [...binding.path.matchAll(/\{(\w+)\}/g)].flatMap((match) => match[1] ?? [])
  const callerFields = Object.fromEntries((binding.callerFields ?? []).map((field) => [field, { type: 'string', format: 'uuid', description: 'The caller’s own id' }]))
  const known: Record<string, JsonObject> = { ...callerFields, ...properties(input) }
  const rest = Object.fromEntries(Object.entries(known).filter(([field]) => !pathNames.includes(field)))
  const required = ((input['required'] ?? []) as string[]).filter((field) => !pathNames.includes(field))
  const output = schemaOf(definition.output, 'output', components)
  const answered = binding.respondWith === undefined ? output : (properties(output)[binding.respondWith] ?? output)
  const content = definition.file ? { 'multipart/form-data': { schema: withFile(rest, required, definition.file) } } : { 'application/json': { schema: { type: 'object', properties: rest, required } } }
  const inQuery = binding.method === 'GET' || binding.method === 'DELETE'
  return {
    operationId: `${name} ${binding.method} ${binding.path}`.replaceAll(/[^A-Za-z0-9]+/g, '_'),
    summary: definition.summary,
    tags: [name.split('.')[0]],
    ...(definition.access === 'anyone' ? {} : { security: [{ bearer: [] }] }),
    parameters: [
      ...pathNames.map((field) => ({ name: field, in: 'path', required: true, schema: known[field] ?? { type: 'string' } })),
      ...(inQuery ? Object.entries(rest).map(([field, schema]) => ({ name: field, in: 'query', required: required.includes(field), schema })) : []),
    ],
    ...(inQuery || Object.keys(rest).length === 0
      ? {}
      : { requestBody: { required: required.length > 0, content } }),
    responses: {
      '200': {
        description: 'Success',
        content: {
          'application/json': { schema: answered },
          ...(definition.kind === 'stream' ? { 'text/event-stream': { schema: schemaOf(definition.event, 'output', components) } } : {}),
        },
      },
      default: { description: 'Failure', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
    },
  }
}

/** Builds the document for this version of the product. */
export function openApiDocument(version: string): JsonObject {
  const components: Components = new Map()
  const paths: Record<string, Record<string, JsonObject>> = {}
  for (const [name, definition] of methods) {
    const bindings: HttpBinding[] = [...(definition.http ?? []), { method: 'POST', path: `/rpc/${name}` }]
    for (const binding of bindings) (paths[binding.path] ??= {})[binding.method.toLowerCase()] = operation(name, definition, binding, components)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'CareChat Desktop', version, description: 'The typed contract of CareChat Desktop over HTTP on loopback.' },
    paths,
    components: { schemas: { Error: schemaOf(errorBody, 'output', components), ...Object.fromEntries(components) }, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  }
}
