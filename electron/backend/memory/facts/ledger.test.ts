import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectFolder } from '../../testing/test-backend.js'
import { Ledger, type LedgerEntry } from './ledger.js'
import { patientOf } from './patient.js'
import { readStatements } from './read-statements.js'
import { readMemoryRules } from './rules.js'

const rules = readMemoryRules(path.join(projectFolder, 'data', 'memory'))

/** Everything stated in messages one after the other; a new ledger for each message, as the product does. */
function tell(...messages: string[]): { entries: readonly LedgerEntry[]; current: string[]; patient: string } {
  let entries: readonly LedgerEntry[] = []
  let declared: string | null = null
  let id = 0
  messages.forEach((message, index) => {
    const ledger: Ledger = new Ledger(entries, rules, () => `${(id += 1)}`)
    const statements = readStatements(message, ledger.peopleNamed(declared), rules)
    for (const statement of statements) declared = statement.patient ?? declared
    ledger.add(statements, { messageId: `m${index}`, sequence: index * 2 + 1 })
    entries = ledger.entries
  })
  const current = entries.filter((entry) => entry.supersededBy === null && entry.kind !== 'question').map((entry) => entry.text)
  return { entries, current, patient: patientOf(declared, entries, rules) }
}
const filler = ['How do I wash my hands?', 'Comment garder les comprimés au frais ?']

describe('a correction replaces what it corrects', () => {
  const corrections: [string, string[], string[], string[]][] = [
    // what it is, the messages, what must be current, what must not
    ['a dose, both said', ['I take metformin 500 mg', 'no sorry, it is 850 not 500'], ['metformin 850 mg'], ['500']],
    ['a dose, French', ['Je prends la metformine 500 mg', 'pardon, c’est 850 et non 500'], ['metformine 850 mg'], ['500']],
    ['a dose of a named medicine', ['I take amlodipine 5 mg and metformin 500 mg', 'amlodipine is 10 mg now'], ['amlodipine 10 mg', 'metformin 500 mg'], ['5 mg and', 'amlodipine 5 mg']],
    ['a dose changed by somebody', ['Je prends du Lasix 40 mg le matin', 'Le cardiologue a baissé à 20 mg'], ['Lasix 20 mg'], ['40 mg']],
    ['from and to', ['I am on warfarin 3 mg', 'They moved it from 3 to 4 mg'], ['warfarin 4 mg'], ['3 mg', 'from 3']],
    ['de … à', ['Je prends Lantus 14 unités le soir', 'c’est passé de 14 à 18 unités'], ['Lantus 18 unités'], ['14']],
    ['one of two times of day', ['Je fais l’insuline 12 unités le matin et 8 le soir', 'on a changé le soir à 10 unités'], ['12 unités le matin et 10'], ['8 le soir']],
    ['how often', ['I take Tegretol 200 mg once a day', 'Sorry, Tegretol is twice a day'], ['twice a day'], ['once a day']],
    ['months of a pregnancy', ['Je suis enceinte de 6 mois', 'en fait 7 mois'], ['enceinte de 7 mois'], ['6 mois']],
    ['weeks by a scan', ['I am 22 weeks pregnant', 'the new scan says 24 weeks'], ['24 weeks pregnant'], ['22 weeks']],
    ['weeks said again later', ['I am 20 weeks pregnant', 'I am now 26 weeks pregnant'], ['26 weeks pregnant'], ['20 weeks']],
    ['an appointment', ['Mon rendez-vous est mardi avec le cardiologue', 'finalement le rendez-vous est jeudi'], ['jeudi avec le cardiologue'], ['mardi']],
    ['an appointment moved', ['My appointment is on 12 May at 9 am', 'They postponed it to 19 May'], ['19 May'], ['12 May']],
    ['an hour', ['My appointment is Monday at 9 am', 'the appointment is at 11 am, not 9 am'], ['at 11 am'], ['9 am']],
    ['a date read on a paper', ['I had my operation on 3 October', 'the paper says 5 October'], ['5 October'], ['3 October']],
    ['an ordinal', ['I was operated on 3 October', 'Wait, it was 5 October, not the 3rd'], ['5 October'], ['3 October', '3rd']],
    ['a year', ['Je suis diabétique depuis 2011', 'pardon, depuis 2012'], ['depuis 2012'], ['2011']],
    ['a weight', ['My son weighs 12 kg', 'the scale says 13.5 kg'], ['13.5 kg'], ['12 kg']],
    ['a weight, a slip in one sentence', ['I weigh 70, no sorry 72 kilos'], ['72'], ['70']],
    ['an age', ['My mother is 71', 'sorry, she is 72'], ['72'], ['71']],
    ['a side', ['J’ai mal au genou gauche', 'non pardon, le genou droit'], ['genou droit'], ['genou gauche']],
    ['a blood group', ['Mon groupe est A positif', 'la carte dit A négatif'], ['A négatif'], ['A positif']],
    ['a phone number', ['My number is 6 70 00 11 22', 'Sorry, the number is 6 70 00 11 33'], ['6 70 00 11 33'], ['6 70 00 11 22']],
    ['a substance', ['I am allergic to penicillin', 'I am not allergic to penicillin, it is amoxicillin'], [], ['I am allergic to penicillin']],
    ['a language', ['Please write to me in English', 'Finally write to me in French'], ['in French'], ['in English']],
    ['a name to be called', ['Call me Rose', 'Call me Mama Rose instead'], ['Mama Rose'], ['Call me Rose']],
    ['whom to call', ['If there is a problem call my sister Anne', 'Call my brother Paul instead'], ['brother Paul'], ['sister Anne']],
    ['a home', ['J’habite à Bépanda', 'J’ai déménagé, maintenant j’habite à Yassa'], ['Yassa'], ['Bépanda']],
    ['days of a treatment', ['He has dialysis on Monday and Thursday', 'They changed his days, now it is Tuesday and Friday'], ['Tuesday and Friday'], ['Monday and Thursday']],
    ['"I was wrong" behind it', ['Mes dernières règles c’était le 2 juin', 'dans mon carnet je lis 17 juin, je m’étais trompée'], ['17 juin'], ['2 juin']],
    ['a medicine stopped', ['I take amlodipine 5 mg', 'The doctor stopped amlodipine'], ['stopped amlodipine'], ['I take amlodipine 5 mg']],
    ['a medicine replaced', ['Je prends Coversyl 5 mg', 'Coversyl a été remplacé par Amlor 10 mg'], ['Amlor 10 mg'], ['Coversyl 5 mg']],
    ['allergies after all', ['I have no allergies', 'I forgot, I am allergic to latex'], ['allergic to latex'], ['no allergies']],
    ['a birth', ['I am 39 weeks pregnant', 'I gave birth yesterday, I am no longer pregnant'], ['no longer pregnant'], ['39 weeks']],
    ['one of two medicines, the second', ['I take metformin 850 mg twice a day and glibenclamide 5 mg', 'Correction: glibenclamide is 2.5 mg'], ['metformin 850 mg', 'glibenclamide 2.5 mg'], ['glibenclamide 5 mg']],
    ['an inhaler’s puffs', ['I use Ventolin 2 puffs', 'Now it is 4 puffs'], ['Ventolin 4 puffs'], ['2 puffs']],
    ['a day of the month', ['Le rdv est le 14 à 9h', 'la secrétaire a appelé, c’est reporté au 21'], ['le 21 à 9h'], ['le 14']],
    ['a rhesus sign', ['Mon groupe sanguin c’est O+', 'j’ai retrouvé ma carte : O-'], ['O-'], ['O+']],
    ['a volume', ['il prend 5 ml de sirop de paracétamol', 'l’infirmière dit plutôt 7,5 ml'], ['7,5 ml de sirop'], ['prend 5 ml']],
    ['a number of children', ['I have two children', 'sorry, three children'], ['three children'], ['two']],
    ['a job', ['I work as a teacher', 'Actually I am now a driver'], ['driver'], ['teacher']],
    ['twice', ['I take metformin 500 mg', 'metformin is 850 mg now', 'and now metformin 1000 mg'], ['1000 mg'], ['500 mg', '850 mg']],
  ]
  it.each(corrections)('%s', (_, messages, wanted, gone) => {
    const [first = '', ...rest] = messages
    const { current } = tell(first, ...filler, ...rest)
    for (const text of wanted) expect(current.join(' | ')).toContain(text)
    for (const text of gone) expect(current.join(' | ')).not.toContain(text)
  })

  it('takes a bare number for a correction of what was just said, not of what was said long ago', () => {
    expect(tell('I am 60', 'I mean 61').current).toEqual(['I am 61'])
    expect(tell('I am 60', ...filler, 'I mean 61').current).toContain('I am 60')
  })

  it('keeps what else the corrected statement says', () => {
    expect(tell('I have been diabetic since 2011 and take metformin 850 mg', 'metformin is 1000 mg now').current).toEqual(expect.arrayContaining(['I have been diabetic since 2011']))
    expect(tell('Il prend atorvastatine 20 mg et du Plavix', 'l’atorvastatine c’est 40 mg maintenant').current.join(' ')).toContain('Plavix')
  })

  it('says which message it comes from and what replaced what', () => {
    const { entries } = tell('I take prednisolone 40 mg each morning', ...filler, 'They reduced it to 20 mg because of the sleep')
    const old = entries.find((entry) => entry.text.includes('40 mg'))
    const now = entries.find((entry) => entry.id === old?.supersededBy)
    expect(now).toMatchObject({ text: 'I take prednisolone 20 mg each morning', messageId: 'm3', keys: ['medicine:prednisolon'] })
  })
})

describe('what is no correction leaves everything', () => {
  const additions: [string, string[]][] = [
    ['a second medicine', ['I take metformin 500 mg', 'I also take amlodipine 5 mg']],
    ['a second medicine, no word of addition', ['Je prends la metformine 500 mg', 'Je prends amlodipine 10 mg le soir']],
    ['another person’s medicine', ['I take metformin 500 mg', 'My husband takes metformin 1000 mg']],
    ['another person’s age', ['My son is 4 years old', 'My daughter is 7 years old']],
    ['another operation', ['I had a caesarean in 2019', 'I was operated for a hernia in 2021']],
    ['another symptom', ['J’ai de la fièvre depuis 2 jours', 'en fait j’ai aussi mal au dos depuis 5 jours']],
    ['another person’s weight', ['Mon fils pèse 12 kg', 'Ma fille pèse 9 kg']],
    ['an appointment and an operation', ['I was operated on 3 October', 'My appointment is on 12 December']],
    ['the past', ['I take metformin 850 mg', 'I used to take metformin 500 mg']],
    ['a question about a dose', ['I take metformin 850 mg', 'Can I take metformin 1000 mg?']],
    ['a supposition', ['I take metformin 850 mg', 'If I took metformin 1000 mg, what would happen?']],
    ['another time of day', ['I take metformin 850 mg in the morning', 'and metformin 500 mg at night']],
    ['an earlier weight', ['I weigh 70 kg', 'Last year I was 80 kg']],
    ['a weight at birth', ['My son weighs 12 kg', 'At birth he weighed 3 kg']],
    ['a dose of food', ['I take metformin 500 mg', 'I ate 200 g of rice at noon, sorry for the detail']],
    ['another measurement', ['My blood pressure was 150/90 yesterday', 'Today it is 130/80']],
    ['another appointment', ['My appointment is on 12 May with the cardiologist', 'The dentist appointment is on 20 May']],
    ['another pregnancy', ['I am 8 weeks pregnant', 'My sister is 30 weeks pregnant now']],
    ['a former pregnancy', ['Je suis enceinte de 12 semaines', 'Ma première grossesse s’est terminée à 30 semaines']],
    ['a place of work', ['I live in Deido', 'I work in Bonabéri now']],
    ['another number', ['Call my husband Paul on 6 77 11 22 33', 'My own number is 6 99 88 77 66']],
    ['something else counted', ['J’ai 3 enfants', 'Maintenant j’ai 2 chats']],
    ['another substance', ['I am allergic to penicillin', 'I am not allergic to eggs']],
    ['a medicine of a relative', ['I take aspirin 100 mg', 'My husband’s doctor changed him to 300 mg']],
    ['once more', ['I had malaria in March', 'In fact I had it again in July']],
    ['a laboratory value', ['I take warfarin 3 mg', 'My INR is 2.5 now']],
    ['an added medicine', ['Elle prend amlodipine 5 mg', 'Le médecin veut ajouter Lasix 40 mg']],
    ['an apology', ['I take metformin 500 mg', 'Sorry to disturb you again, I am 45 years old']],
    ['a bare number long after', ['I have 3 children', 'My room is number 12']],
  ]
  it.each(additions)('%s', (_, messages) => {
    expect(tell(...messages).entries.filter((entry) => entry.supersededBy !== null)).toEqual([])
  })
})

describe('whom a conversation is for', () => {
  it.each([
    ['mother', ['I speak for my mother, she is 71', 'I have asthma myself']],
    ['father', ['Je viens pour mon papa de 68 ans', 'Il prend du Plavix']],
    ['son', ['My son has a fever', 'He weighs 12 kg']],
    ['self', ['I have a cough', 'My son has a fever']],
    ['self', ['My husband has tuberculosis', 'Should I be tested?']],
    ['self', ['Good morning']],
  ])('%s', (patient, messages) => {
    expect(tell(...messages).patient).toBe(patient)
  })
})
