/** Who may read what: guests and patients what is public, staff the ward's too; everybody what they own. */
import type { Role } from '../../../shared/contract/method.js'
import type { Audience } from './passages/document.js'
import type { ReadingScope } from './thread/worker-messages.js'

/** Who asks; decides what may be read. */
export interface Reader {
  role: Role
  userId: string | null
}

/** What the device shows to patients and guests: everything with its label, or only what a clinician has reviewed. Staff read everything. */
export type ContentPolicy = 'all' | 'reviewed_only'

/** The scope of a reader under a policy, within these documents if any are named. */
export function readingScope({ role, userId }: Reader, policy: ContentPolicy, documentIds?: readonly string[]): ReadingScope {
  const isStaff = role === 'nurse' || role === 'admin'
  return {
    audiences: isStaff ? ['public', 'ward', 'owner'] : ['public', 'owner'],
    userId,
    ...(policy === 'reviewed_only' && !isStaff ? { reviewedOnly: true } : {}),
    ...(documentIds ? { documentIds: [...new Set(documentIds)].sort() } : {}),
  }
}

export function mayRead(document: { audience: Audience; ownerId: string | null; reviewed: boolean }, reader: Reader, policy: ContentPolicy): boolean {
  const { audiences, userId, reviewedOnly } = readingScope(reader, policy)
  if (reviewedOnly === true && !document.reviewed) return false
  return audiences.includes(document.audience) && (document.audience !== 'owner' || (userId !== null && document.ownerId === userId))
}
