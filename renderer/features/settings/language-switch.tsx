import { useTranslation } from 'react-i18next'
import { useServices } from '../../app/services.js'
import { useLanguage } from '../../app/use-language.js'
import { Segments } from '../../components/segments.js'

/** English or French, for the window. */
export function LanguageSwitch({ onChosen }: { onChosen?: (language: 'en' | 'fr') => void }) {
  const { t } = useTranslation()
  const { appearance } = useServices()
  const language = useLanguage()
  return (
    <Segments
      label={t('settings.language')}
      value={language}
      options={[
        { value: 'en', label: t('language.en'), lang: 'en', testId: 'language-en' },
        { value: 'fr', label: t('language.fr'), lang: 'fr', testId: 'language-fr' },
      ]}
      onValue={(chosen) => {
        appearance.chooseLanguage(chosen)
        onChosen?.(chosen)
      }}
    />
  )
}
