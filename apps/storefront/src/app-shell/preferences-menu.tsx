import { locales } from '@souk/ui'
import { Check, Settings2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { chooseLocale } from '../i18n.ts'
import { languageNames } from '../parts/language-names.ts'
import { useText } from '../parts/use-text.ts'
import { chooseTheme, currentTheme, type Theme, themes } from '../preferences.ts'

const item =
  'flex min-h-11 items-center justify-between gap-6 rounded-lg px-3 text-[15px] outline-none data-highlighted:bg-sunken'

const Choice = ({ value, children }: { value: string; children: string }) => (
  <DropdownMenu.RadioItem value={value} className={item} lang={value === 'zh-CN' ? 'zh' : undefined}>
    {children}
    <DropdownMenu.ItemIndicator>
      <Check size={16} aria-hidden />
    </DropdownMenu.ItemIndicator>
  </DropdownMenu.RadioItem>
)

/** Language and theme; both change in place. */
const PreferencesMenu = ({ look }: { look: string }) => {
  const { t, locale } = useText()
  const [theme, setTheme] = useState(currentTheme)
  const label = 'px-3 pt-2 pb-1 text-badge text-ink-3'
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger className={look} aria-label={t('preferences.open')}>
        <Settings2 size={20} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={8}
          className="z-50 min-w-52 animate-[appear_120ms] rounded-2xl border border-line bg-raised p-1.5 shadow-menu"
        >
          <DropdownMenu.Label className={label}>{t('preferences.language')}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={locale} onValueChange={(next) => void chooseLocale(next as typeof locale)}>
            {locales.map((one) => (
              <Choice key={one} value={one}>
                {languageNames[one]}
              </Choice>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Label className={label}>{t('preferences.theme')}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup
            value={theme}
            onValueChange={(next) => {
              chooseTheme(next as Theme)
              setTheme(next as Theme)
            }}
          >
            {themes.map((one) => (
              <Choice key={one} value={one}>
                {t(`theme.${one}`)}
              </Choice>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export default PreferencesMenu
