import { type Messages, setupI18n } from '@lingui/core'
import type { Locale } from '@souk/ui'
import { rememberLocale } from './preferences.ts'

export const i18n = setupI18n()

const catalogs: Record<Locale, () => Promise<{ messages: Messages }>> = {
  en: () => import('../locales/en.po'),
  'zh-CN': () => import('../locales/zh-CN.po'),
}

/** The language on screen. */
export const currentLocale = (): Locale => (i18n.locale === 'zh-CN' ? 'zh-CN' : 'en')

export const loadLocale = async (locale: Locale): Promise<void> => {
  const { messages } = await catalogs[locale]()
  i18n.loadAndActivate({ locale, messages })
}

/** Changes the language in place: the address, the scroll position and the bag stay. */
export const chooseLocale = async (locale: Locale): Promise<void> => {
  await loadLocale(locale)
  rememberLocale(locale)
}
