import { useTranslation } from 'react-i18next'
import { ConsentSection } from '../consent/consent-section.js'
import { AnswerPreferencesFields } from './answer-preferences-fields.js'
import { CompletionField } from './completion-field.js'
import { Section } from './section.js'

/** How answers are made for this person, and what may leave the device for them. */
export function AnswersSection() {
  const { t } = useTranslation()
  return (
    <>
      <ConsentSection />
      <Section title={t('answers.title')} lead={t('answers.lead')}>
        <AnswerPreferencesFields />
        <CompletionField />
      </Section>
    </>
  )
}
