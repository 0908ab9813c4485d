/** The project's own folder, where its data, models and recorded figures lie. */
import { fileURLToPath } from 'node:url'

export const projectFolder = fileURLToPath(new URL('../../..', import.meta.url))
