/** Folders of the project, the same whichever folder a command was started in. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url)).replace(/[/\\]$/, '')
export const distFolder = join(projectFolder, 'dist')
export const modulesFolder = join(projectFolder, 'node_modules')

/** Folder for what is made once a machine and shared by every clone: `$CARECHAT_CACHE`, else `~/.cache/carechat-desktop`. */
export const cacheFolder = process.env.CARECHAT_CACHE ?? join(homedir(), '.cache', 'carechat-desktop')

/** A path inside the project. */
export const inProject = (...parts) => join(projectFolder, ...parts)
