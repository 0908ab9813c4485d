import { useStore } from 'zustand'
import type { Language } from '../../shared/contract/common.js'
import { useServices } from './services.js'

/** The language of the window. */
export function useLanguage(): Language {
  return useStore(useServices().appearance, (state) => state.language)
}
