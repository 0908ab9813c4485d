import { Languages } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MessageTranslation } from '../../../shared/contract/voice.js'

/** Says that a machine translated what stands above. */
export function TranslationLabel({ translation }: { translation: MessageTranslation }) {
  const { t, i18n } = useTranslation()
  return (
    <p lang={i18n.language} data-testid="machine-translation" className="flex items-start gap-2 rounded-xl bg-caution-soft px-3 py-2 text-sm text-caution">
      <Languages aria-hidden className="mt-0.5 size-4 shrink-0" />
      {t(`voice.machine_translation_${translation.language}`)}
    </p>
  )
}
