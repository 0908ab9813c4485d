import { factKinds, type FactKind, type RememberedFact } from '../../../shared/contract/memory.js'

export interface FactGroup {
  kind: FactKind
  facts: RememberedFact[]
}

export interface GroupedFacts {
  /** Current facts of the person that the conversation is for. */
  own: FactGroup[]
  /** Current facts of others, who were named in passing. */
  others: RememberedFact[]
  /** What was corrected, for staff. */
  corrected: RememberedFact[]
}

/** Facts as they are shown: by kind in the order of the contract, other people's and corrected ones apart. */
export function groupFacts(facts: readonly RememberedFact[]): GroupedFacts {
  const current = facts.filter((fact) => fact.superseded_by === null)
  const own = current.filter((fact) => fact.person === null)
  return {
    own: factKinds.map((kind) => ({ kind, facts: own.filter((fact) => fact.kind === kind) })).filter((group) => group.facts.length > 0),
    others: current.filter((fact) => fact.person !== null),
    corrected: facts.filter((fact) => fact.superseded_by !== null),
  }
}
