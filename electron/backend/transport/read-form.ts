/** Reads a multipart form: its file into one field of the input, the other parts as texts. */
import '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { ContractError } from '../../../shared/contract/errors.js'
import type { FileField } from '../../../shared/contract/method.js'

/** Text parts, and bytes of each: a method that takes a file takes little else. */
const mostFields = 10
const fieldBytes = 10_000

/** The form as an input. Throws the method's error for a file that is too large, and `malformed_request`. */
export async function readForm(request: FastifyRequest, file: FileField): Promise<Record<string, unknown>> {
  const input = new Map<string, unknown>()
  try {
    const parts = request.parts({ limits: { files: 1, fields: mostFields, fieldSize: fieldBytes, fileSize: file.maximumBytes, parts: mostFields + 1 } })
    for await (const part of parts) {
      if (part.type === 'file') {
        input.set(file.field, new Uint8Array(await part.toBuffer()))
        if (!input.has(file.nameField)) input.set(file.nameField, part.filename)
      } else input.set(part.fieldname, part.value)
    }
  } catch (error) {
    const { code } = error as { code?: string }
    throw new ContractError(code === 'FST_REQ_FILE_TOO_LARGE' ? file.tooLarge : 'malformed_request', { cause: error })
  }
  return Object.fromEntries(input)
}
