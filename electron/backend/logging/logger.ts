/** Structured logs: request ids, codes and timings; never message bodies, phone numbers or keys. */
import pino from 'pino'

export type Logger = pino.Logger

/** Makes the process's logger: JSON lines on standard error or `destination`, level by CARECHAT_LOG_LEVEL (default info, silent in tests). */
export function createLogger(
  level = process.env['CARECHAT_LOG_LEVEL'] ?? (process.env['VITEST'] ? 'silent' : 'info'),
  destination: pino.DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        // A stack is for developers; a message may quote a statement's values, which are patient text.
        err: (error: unknown) =>
          error instanceof Error
            ? { type: error.name, code: (error as { code?: unknown }).code, stack: error.stack?.split('\n').filter((line) => line.startsWith('    at ')).slice(0, 8) }
            : { type: typeof error },
      },
    },
    destination,
  )
}
