import { useTranslation } from 'react-i18next'
import { AnswerPreferencesFields } from './answer-preferences-fields.js'
import { Section } from './section.js'

/** How answers are made for this person. */
export function AnswersSection() {
  const { t } = useTranslation()
  return (
    <Section title={t('answers.title')} lead={t('answers.lead')}>
      <AnswerPreferencesFields />
    </Section>
  )
}
