import { describe, expect, it } from 'vitest'
import { detectLanguage } from './language-detection.js'

describe('detectLanguage', () => {
  it.each([
    ["j'ai le corps qui chauffe depuis 3 jours", 'fr'],
    ['jai mal au ventre', 'fr'],
    ['mon bebe ne tete plus', 'fr'],
    ['fièvre', 'fr'],
    ["Qu'est-ce que le paludisme ?", 'fr'],
    ['my body is hot since 3 days', 'en'],
    ['what should I do for a snake bite', 'en'],
    ["I'm pregnant and I don't feel the baby", 'en'],
    ['The pain is in my chest', 'en'],
  ] as const)('reads %s as %s against the other fallback', (text, language) => {
    expect(detectLanguage(text, language === 'en' ? 'fr' : 'en')).toBe(language)
  })

  it('falls back where the words do not tell', () => {
    for (const text of ['malaria', 'Coartem 80/480', '', '???', 'diabetes type 2']) {
      expect(detectLanguage(text, 'fr')).toBe('fr')
      expect(detectLanguage(text, 'en')).toBe('en')
    }
  })
})
