import { Settings2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useText } from '../parts/use-text.ts'

const load = () => import('./preferences-menu.tsx')
const PreferencesMenu = lazy(load)

const look = 'grid size-11 place-items-center rounded-full hover:bg-surface data-[state=open]:bg-surface'

/** The button for language and theme; the menu behind it is loaded when a hand comes near. */
export const Preferences = () => {
  const { t } = useText()
  const [wanted, setWanted] = useState(false)
  const button = (
    <button
      type="button"
      className={look}
      aria-label={t('preferences.open')}
      aria-haspopup="menu"
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
    >
      <Settings2 size={20} aria-hidden />
    </button>
  )
  if (!wanted) return button
  return (
    <Suspense fallback={button}>
      <PreferencesMenu look={look} />
    </Suspense>
  )
}
