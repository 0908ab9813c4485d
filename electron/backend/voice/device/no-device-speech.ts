import type { DeviceSpeech } from '../speech-service.js'

/** A device without a speech model. */
export const noDeviceSpeech: DeviceSpeech = {
  model: async () => null,
  transcribe: async () => {
    throw new Error('there is no speech model on this device')
  },
}
