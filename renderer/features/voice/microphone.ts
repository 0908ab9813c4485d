/** The microphone: a recording under way, how loud it is, and why there is none. */

/** Why nothing can be recorded, as a stable word. */
export type MicrophoneProblem = 'denied' | 'missing' | 'in_use' | 'not_supported'

export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem

  constructor(problem: MicrophoneProblem, cause?: unknown) {
    super(problem, cause === undefined ? undefined : { cause })
    this.name = 'MicrophoneError'
    this.problem = problem
  }
}

export interface LiveRecording {
  /** Loudness now, 0 to 1, for the meter. */
  level(): number
  /** Ends it and gives what was recorded. */
  finish(): Promise<Blob>
  /** Ends it and throws it away. */
  discard(): void
}

/** Opens the microphone. Throws MicrophoneError. */
export async function openMicrophone(): Promise<LiveRecording> {
  // Pages that are not served securely have none.
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (!devices || typeof MediaRecorder === 'undefined') throw new MicrophoneError('not_supported')
  const stream = await devices
    .getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } })
    .catch((error: unknown) => {
      throw new MicrophoneError(problemOf(error), error)
    })
  return record(stream)
}

function problemOf(error: unknown): MicrophoneProblem {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  return name === 'NotReadableError' || name === 'AbortError' ? 'in_use' : 'not_supported'
}

function record(stream: MediaStream): LiveRecording {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  context.createMediaStreamSource(stream).connect(analyser)
  const wave = new Float32Array(analyser.fftSize)

  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32_000 })
  const pieces: Blob[] = []
  const ended = new Promise<Blob>((resolve) => {
    recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data))
    recorder.addEventListener('stop', () => resolve(new Blob(pieces, { type: recorder.mimeType })))
  })
  recorder.start(1000)

  const release = (): void => {
    if (recorder.state !== 'inactive') recorder.stop()
    // The microphone's light goes out.
    for (const track of stream.getTracks()) track.stop()
    void context.close()
  }
  return {
    level: () => {
      analyser.getFloatTimeDomainData(wave)
      return Math.sqrt(wave.reduce((sum, sample) => sum + sample * sample, 0) / wave.length)
    },
    finish: () => {
      release()
      return ended
    },
    discard: release,
  }
}
