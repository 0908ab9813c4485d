import { describe, expect, it } from 'vitest'
import { scrubIdentifiers } from './scrub-identifiers.js'

const names = new Set(['ngono', 'atangana', 'jean', 'marie'])
const scrub = (text: string, known: string[] = []): string => scrubIdentifiers(text, known, names)

describe('scrubIdentifiers', () => {
  it.each([
    ['Mme Abena Sophie came with fever.', 'Mme [name removed] came with fever.'],
    ['Seen by Dr. Tchoumi.', 'Seen by Dr. [name removed].'],
    ['Patient named Emile Okala, aged 4.', 'Patient named [name removed], aged 4.'],
    ["L'enfant s'appelle Fatou Diallo.", "L'enfant s'appelle [name removed]."],
    ['OKALABI Emile est revenu.', '[name removed] est revenu.'],
    ['Marie and Atangana slept.', '[name removed] and [name removed] slept.'],
  ])('takes names out: %s', (text, expected) => {
    expect(scrub(text)).toBe(expected)
  })

  it.each(['+237 699 00 11 22', '699001122', '6 99 00 11 22', '00237-699-001-122', '(+237) 699.00.11.22'])('takes the number %s out', (number) => {
    expect(scrub(`Call ${number} now`)).not.toMatch(/\d/)
  })

  it('takes e-mail addresses, record numbers and this record’s own ids out', () => {
    const text = scrub('Write to a.b@example.cm, file no HGD/2024/00118, MRN: 44512, PT-00912, see S7.', ['S7'])
    expect(text).not.toMatch(/@|00118|44512|00912|S7/)
  })

  it('keeps the month of a date and drops its day', () => {
    expect(scrub('Seen on 14/03/2025 and 2025-04-02, then 3 May 2025, le 12 février 2024, March 9, 2025.')).toBe(
      'Seen on 03/2025 and 04/2025, then May 2025, le février 2024, March 2025.',
    )
  })

  it('keeps what is clinical', () => {
    const text = 'BP 140/90, pulse 88, 38.5 °C, Hb 7.2 g, 34 weeks, B12, HIV negative, TB culture, ECG normal, VIH, Coartem 80/480 for 3 days, G3P2.'
    expect(scrub(text)).toBe(text)
    const french = 'Le patient présente une Hépatite B. Patiente diabétique, glycémie 2,4 g/l, TA 16/9, saturation 93 %.'
    expect(scrub(french)).toBe(french)
  })
})
