import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectFolder } from '../../testing/test-backend.js'
import { readStatements } from './read-statements.js'
import { readMemoryRules } from './rules.js'
import type { Statement, StatementKind } from './statement.js'

const rules = readMemoryRules(path.join(projectFolder, 'data', 'memory'))
const read = (text: string, others: readonly string[] = []): Statement[] => readStatements(text, others, rules)
const kindsOf = (text: string): StatementKind[] => read(text).flatMap((statement) => statement.kinds)
const keysOf = (text: string): string[] => read(text).flatMap((statement) => statement.keys)

describe('kinds of facts, in both languages', () => {
  const said: [StatementKind, string[]][] = [
    ['allergy', [
      'I am allergic to penicillin', 'Je suis allergique à la pénicilline', 'Peanuts make my lips swell', 'Les crevettes me donnent des boutons', 'My skin came out in hives after amoxicillin',
      'Je ne supporte pas le tramadol', 'Ibuprofen burns my stomach and makes me vomit', 'La quinine me donne des vertiges', 'The nurse wrote no penicillin in red on my card', 'Le docteur a marqué en rouge pas d’aspirine',
      'I cannot take codeine, it makes me faint', 'I must never take quinine again', 'On m’a interdit le diclofénac', 'my son reacts badly to eggs', 'Mon fils a gonflé du visage après les arachides', 'allergie au latex',
      'No known allergies', 'Aucune allergie connue', 'I am not allergic to anything', 'Je ne suis allergique à rien',
    ]],
    ['pregnancy', [
      'I am 20 weeks pregnant', 'Je suis enceinte de 3 mois', 'My last period was on 12 June', 'Mes dernières règles datent du 4 mai', 'The baby is due on 3 March', 'Le terme est prévu pour le 9 août', 'I am in my second trimester', 'J’attends des jumeaux',
      'This is my fourth pregnancy', 'I dey carry belle three months', 'Ma grossesse a 7 mois', 'I have not seen my period since January', 'I had a miscarriage last year', 'j’ai un retard de règles de deux semaines',
    ]],
    ['breastfeeding', ['I am breastfeeding my baby', 'J’allaite encore ma fille', 'I am still nursing my son', 'Je donne le sein']],
    ['medicine', [
      'I take metformin 500 mg twice a day', 'Je prends amlodipine 5 mg le soir', 'My mother is on insulin', 'Elle est sous Coveram', 'I drink a bark decoction each morning', 'Je bois une tisane de kinkéliba tous les jours', 'He uses the blue inhaler', 'I finished my antibiotics yesterday',
      'I swallow Coversyl 5 mg', 'J’ai oublié mes comprimés hier', 'I am not taking any medicine', 'Je ne prends aucun médicament', 'they put me on Xarelto', 'I use eye drops at night', 'je prends la pilule',
    ]],
    ['condition', [
      'I am diabetic since 2011', 'J’ai le diabète depuis dix ans', 'My father has high blood pressure', 'Je fais la tension', 'I have asthma', 'Elle est drépanocytaire', 'I am HIV positive', 'Je suis séropositif depuis 2015', 'My kidneys are weak', 'J’ai un ulcère à l’estomac',
      'I had a stroke in 2019', 'Il a fait un AVC', 'I have only one kidney', 'Mon fils est épileptique', 'She hears badly', 'J’ai un pacemaker', 'I have sickle cell trait', 'Mon électrophorèse est AS', 'I suffer from gout', 'J’ai la goutte', 'hepatitis B known since school',
    ]],
    ['operation', ['I had my appendix out in March', 'On m’a opéré de la hernie le 3 mai', 'I had a caesarean in 2020', 'J’ai eu une césarienne', 'They removed my gallbladder', 'On m’a enlevé la vésicule', 'I broke my left wrist in January', 'Je me suis cassé le bras']],
    ['hospital_stay', ['I was admitted for a week in June', 'J’ai été hospitalisé deux fois', 'He was discharged yesterday', 'Elle a été transfusée en 2021']],
    ['blood_group', ['My blood group is O positive', 'Mon groupe sanguin est AB négatif', 'I am B negative', 'groupe c’est O positif']],
    ['symptom', ['My left knee hurts since Monday', 'J’ai mal au dos depuis deux semaines', 'She has a fever since last night', 'Je vomis depuis hier', 'I cannot sleep', 'Je dors mal', 'my feet are swollen', 'Mes pieds sont enflés']],
    ['measurement', ['My pressure was 160/95 this morning', 'Ma tension était 15 sur 9 hier', 'The sugar was 2.4 g/l on Tuesday', 'Sa température est 39.2', 'glycémie 1,8 g/l ce matin']],
    ['test_result', ['My last viral load was undetectable', 'Ma charge virale est indétectable', 'The malaria test was negative', 'Le test est revenu positif', 'CD4 at 450', 'The scan showed a cyst']],
    ['vaccination', ['I had the tetanus vaccine in May', 'Elle est vaccinée contre la fièvre jaune', 'My son missed his last vaccination', 'Mon bébé a reçu le BCG', 'her vaccines are up to date']],
    ['patient', ['I speak for my mother', 'Je viens pour mon père', 'It is about my son', 'C’est pour ma fille', 'I am writing on behalf of my grandmother', 'Je parle au nom de ma tante', 'I brought my baby']],
    ['age', ['I am 34 years old', 'J’ai 58 ans', 'She is 71', 'Mon fils a 4 ans', 'My daughter is 18 months old', 'Le bébé a 5 semaines', 'a boy of 6 years', 'mon père de 68 ans', 'he was born in 2012', 'elle est née en 1990']],
    ['weight', ['I weigh 82 kg', 'Il pèse 14 kilos', 'My weight is 70 kg', 'son poids est de 9,5 kg']],
    ['height', ['I am 172 cm tall', 'Je mesure 1m75', 'She is 1.60 m', 'Il mesure 110 cm']],
    ['children', ['I have three children', 'J’ai deux enfants', 'We have twins', 'Je n’ai pas encore d’enfants', 'mother of twins', 'I have 2 boys and a girl']],
    ['appointment', ['My appointment is on Thursday at 10', 'Mon rendez-vous est le 12 mai', 'I must come back on Monday', 'Je dois revenir mardi', 'My next dialysis is scheduled for Friday', 'rdv jeudi 9h', 'The check-up is on 4 April']],
    ['contact', ['If there is a problem call my sister Anne', 'En cas de souci appelez mon mari', 'You can reach me on WhatsApp', 'Mon numéro est le 6 77 12 34 56', 'The phone belongs to my neighbour', 'Ce téléphone appartient à ma fille', 'Prévenez ma mère']],
    ['companion', ['My brother will come with me', 'Ma sœur m’accompagne', 'I came alone', 'Je suis venue seule', 'My daughter takes care of her']],
    ['preference', ['I prefer a woman doctor', 'Je préfère une femme médecin', 'Please write to me in French', 'Répondez-moi en anglais', 'Call me Mama Rose', 'Appelez-moi Papa Jean', 'My name is Solange', 'No injections please', 'Pas de piqûre s’il vous plaît', 'I fast for Ramadan', 'Je suis musulmane', 'I am a Jehovah’s witness', 'Do not tell my husband', 'Gardez ça entre nous', 'I understand pidgin better', 'I do not eat pork, no pork']],
    ['habit', ['I smoke ten cigarettes a day', 'Je fume depuis mes 20 ans', 'I stopped drinking alcohol in January', 'Je ne bois plus d’alcool', 'I drink two beers every evening', 'Je bois trois bières le soir']],
    ['occupation', ['I work as a welder', 'Je travaille dans une boulangerie', 'I am a teacher', 'Je suis couturière', 'I drive a moto-taxi', 'Je vends au marché central', 'I am retired', 'je suis étudiant', 'My job is mason']],
    ['address', ['I live in Bonabéri', 'J’habite à Makepe', 'I stay near the market', 'Je vis seul', 'We moved to Yassa', 'J’ai déménagé à Kotto', 'I come from Limbe', 'quartier Bépanda']],
    ['insurance', ['I have insurance with the port', 'Je suis assuré à la CNPS', 'ma mutuelle paie 80 %']],
  ]
  for (const [kind, texts] of said) {
    it.each(texts)(`${kind}: %s`, (text) => {
      expect(kindsOf(text)).toContain(kind)
    })
  }
})

describe('what is no fact', () => {
  const notSaid: [StatementKind, string[]][] = [
    ['allergy', ['Am I allergic to penicillin?', 'Est-ce que je suis allergique ?', 'I am allergic to Mondays', 'Je suis allergique au travail', 'If I were allergic to it, what would happen?', 'Where is the allergy clinic?', 'The doctor gave me amoxicillin', 'Le docteur m’a donné du paracétamol', 'I took cetirizine for the itching', 'Je prends un comprimé contre les démangeaisons', 'Paracetamol gives me relief']],
    ['pregnancy', ['Can I get pregnant with this?', 'Si je suis enceinte, que faire ?', 'We are trying for a baby', 'I might be pregnant', 'Je ne sais pas si je suis enceinte', 'Can a pregnant woman eat papaya?', 'L’enceinte de l’hôpital est grande']],
    ['medicine', ['Can I take ibuprofen with it?', 'I take the bus at 7', 'Je prends le taxi', 'Where do I throw old medicine?', 'Le paracétamol est-il dangereux ?', 'I went in April', 'They measured my cholesterol', 'une femme africaine', 'I take breakfast at eight']],
    ['condition', ['Is diabetes hereditary?', 'Le diabète, c’est quoi ?', 'I am afraid of cancer', 'Where is the tuberculosis ward?', 'I washed my clothes']],
    ['age', ['I have been coughing for 3 years', 'Depuis 5 ans je tousse', 'J’ai 20 ans de mariage', 'It happened two years ago', 'Il y a 3 ans']],
    ['weight', ['I lost 5 kg', 'I carry bags of 50 kg, bags of 50 kg all day', 'J’ai perdu 6 kilos']],
    ['patient', ['Can I share a towel with my sister?', 'My husband is at work', 'Ma voisine parle beaucoup']],
    ['occupation', ['Does this medicine work?', 'The wifi works badly']],
    ['insurance', ['Assurez-vous que c’est propre']],
  ]
  for (const [kind, texts] of notSaid) {
    it.each(texts)(`not ${kind}: %s`, (text) => {
      expect(kindsOf(text)).not.toContain(kind)
    })
  }

  it.each(['Thank you very much', 'Merci beaucoup docteur', 'Ok', 'Bonjour docteur', 'Good morning', 'D’accord, merci', 'Yes please', 'Super'])('small talk is nothing: %s', (text) => {
    expect(read(text)).toEqual([])
  })

  it.each(['How do I wash my hands?', 'what time is the visit', 'Comment prendre la température ?', 'est ce que je peux manger', 'Je peux boire du café ?', 'I want to know when I can go', 'Je voudrais savoir si c’est grave'])('a question is one: %s', (text) => {
    expect(read(text).map((statement) => statement.kind)).toEqual(['question'])
  })

  it('takes the statement in front of a question', () => {
    expect(read('I am 12 weeks pregnant, can I take aspirin?').map(({ kind, text }) => [kind, text])).toEqual([
      ['pregnancy', 'I am 12 weeks pregnant'],
      ['question', 'can I take aspirin'],
    ])
    expect(read('je suis diabétique est ce que je peux manger la mangue ?').map(({ kind }) => kind)).toEqual(['condition', 'question'])
    expect(read('Can I go home because I am breastfeeding?')[0]?.kind).toBe('question')
  })
})

describe('names of what a statement is about', () => {
  it.each([
    ['I am allergic to penicillin', ['allergy:penicillin']],
    ['Je suis allergique à la pénicilline et aux crevettes', ['allergy:penicillin', 'allergy:crevett']],
    ['aspirin gives me asthma', ['allergy:aspirin']],
    ['L’aspirine me donne des boutons', ['allergy:aspirin']],
    ['I have no allergies', ['allergy:none']],
    ['Je ne suis allergique à rien', ['allergy:none']],
    ['pas d’allergie', ['allergy:none']],
    ['I am not allergic to penicillin', ['allergy:not penicillin']],
    ['I am pregnant', ['pregnancy:yes']],
    ['I am not pregnant', ['pregnancy:no']],
    ['Je ne suis pas enceinte', ['pregnancy:no']],
    ['je ne suis plus enceinte', ['pregnancy:no']],
    ['During my last pregnancy I had cramps', ['pregnancy:past']],
    ['I do not have diabetes', ['condition:not diabetes']],
    ['Je prends la metformine 500 mg', ['medicine:metformin']],
    ['I take metformin 500 mg', ['medicine:metformin']],
    ['I take Zorvalex 10 mg', ['medicine:zorvalex']],
  ])('%s', (text, keys) => {
    expect(keysOf(text)).toEqual(expect.arrayContaining(keys))
  })

  it('does not take what gives an allergy for a medicine taken, nor a denied disease for one', () => {
    expect(keysOf('I am allergic to penicillin').filter((key) => key.startsWith('medicine'))).toEqual([])
    expect(keysOf('aspirin gives me asthma')).toEqual(['allergy:aspirin'])
    expect(keysOf('I have no diabetes')).not.toContain('condition:diabetes')
  })

  it('keeps both when both are said', () => {
    const keys = keysOf('I take metformin 500 mg and I am allergic to penicillin')
    expect(keys).toEqual(expect.arrayContaining(['medicine:metformin', 'allergy:penicillin']))
    expect(keysOf('Her kidneys are weak, so the doctor refused ibuprofen')).toEqual(expect.arrayContaining(['condition:kidney disease', 'allergy:ibuprofen']))
  })
})

describe('whom it is about', () => {
  it.each([
    ['My husband has tuberculosis', 'husband'],
    ['Mon mari est diabétique', 'husband'],
    ['Her kidneys are weak', 'mother', 'mother'],
    ['Elle prend amlodipine', 'mother', 'mother'],
    ['I have asthma', 'self', 'mother'],
    ['My own asthma is from childhood', 'self', 'daughter'],
    ['Le bébé pèse 5 kg', 'baby'],
    ['My mother-in-law is diabetic', 'mother'],
    ['aspirin gives me asthma', 'self', 'son'],
    ['I gave her paracetamol', 'daughter', 'daughter'],
    ['Il est droitier', 'father', 'father'],
    ['Il y a du monde', null, 'father'],
  ])('%s', (text, subject, ...others) => {
    expect(read(text, others as string[])[0]?.subject).toBe(subject)
  })

  it('tells "he" from "she"', () => {
    const [first, second] = read('He was transfused in 2022. She has nothing.', ['sister', 'son'])
    expect([first?.subject, second?.subject]).toEqual(['son', 'sister'])
  })

  it('follows a change of person within a message', () => {
    const statements = read('Mon frère est allergique aux arachides, moi je ne supporte pas le sparadrap')
    expect(statements.map(({ subject, keys }) => [subject, keys.find((key) => key.startsWith('allergy'))])).toEqual([
      ['brother', 'allergy:arachid'],
      ['self', 'allergy:sparadrap'],
    ])
  })

  it('knows whom the writer speaks for', () => {
    expect(read('Good evening. I speak for my mother, she is 71.')[0]?.patient).toBe('mother')
    expect(read('Je viens pour mon fils Junior, 7 ans')[0]?.patient).toBe('son')
    expect(read('My husband is at home')[0]?.patient).toBe(null)
    expect(read('Ma mère m’accompagne')[0]?.patient).toBe(null)
  })
})

describe('where it stands', () => {
  it('gives the person’s own words and their place', () => {
    const message = 'Bonjour docteur, œdème aux pieds depuis hier. Aussi, j’ai un ulcère à l’estomac.'
    for (const { text, start, end } of read(message)) expect(message.slice(start, end)).toBe(text)
    expect(read(message).map(({ text }) => text)).toEqual(['œdème aux pieds depuis hier', 'j’ai un ulcère à l’estomac'])
  })

  it('reads any text without failing and within its length', () => {
    for (const text of ['', '   ', '???', '🤒👩🏾‍⚕️', 'a'.repeat(16_000), 'I take '.repeat(2_000), '1/2/3/4 '.repeat(500), '((((', 'حمى منذ ثلاثة أيام', 'e\u0301te\u0301 allergique a\u0300 la pe\u0301nicilline']) {
      for (const { start, end } of read(text)) {
        expect(start).toBeLessThan(end)
        expect(end).toBeLessThanOrEqual(text.length)
      }
    }
  })
})
