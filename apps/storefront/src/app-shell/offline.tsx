import { WifiOff } from 'lucide-react'
import { useOnline } from '../parts/use-online.ts'
import { useText } from '../parts/use-text.ts'

/** Says at once that the connection is gone; what was loaded stays readable. */
export const OfflineBanner = () => {
  const { t } = useText()
  if (useOnline()) return null
  return (
    <p
      data-testid="offline"
      role="status"
      className="flex items-center justify-center gap-2 bg-ink px-4 py-2 text-small text-on-ink"
    >
      <WifiOff size={16} aria-hidden />
      {t('offline.banner')}
    </p>
  )
}
