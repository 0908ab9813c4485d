import type { ErrorCode } from '../../../../shared/contract/errors.js'

/** Why a recording is refused; crosses from the thread that reads it as its code alone. */
export class AudioFailure extends Error {
  readonly code: Extract<ErrorCode, `audio_${string}`>

  constructor(code: AudioFailure['code'], cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.name = 'AudioFailure'
    this.code = code
  }
}
