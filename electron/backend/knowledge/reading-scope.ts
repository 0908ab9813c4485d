/** Who may read what: guests and patients what is public, staff the ward's too; everybody what they own. */
import type { Role } from '../../../shared/contract/method.js'
import type { Audience } from './passages/document.js'
import type { ReadingScope } from './thread/worker-messages.js'

/** Who asks; decides what may be read. */
export interface Reader {
  role: Role
  userId: string | null
}

/** The scope of a reader, within these documents if any are named. */
export function readingScope({ role, userId }: Reader, documentIds?: readonly string[]): ReadingScope {
  const isStaff = role === 'nurse' || role === 'admin'
  return { audiences: isStaff ? ['public', 'ward', 'owner'] : ['public', 'owner'], userId, ...(documentIds ? { documentIds: [...new Set(documentIds)].sort() } : {}) }
}

export function mayRead(document: { audience: Audience; ownerId: string | null }, reader: Reader): boolean {
  const { audiences, userId } = readingScope(reader)
  return audiences.includes(document.audience) && (document.audience !== 'owner' || (userId !== null && document.ownerId === userId))
}
