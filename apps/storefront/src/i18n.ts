import { type Messages, setupI18n } from '@lingui/core'
import type { Locale } from '@souk/ui'
import { printedLocale, rememberLocale } from './preferences.ts'

export const i18n = setupI18n()

const catalogs: Record<Locale, () => Promise<{ messages: Messages }>> = {
  en: () => import('../locales/en.po'),
  'zh-CN': () => import('../locales/zh-CN.po'),
}

/** The language of the page; what is asked of the server is asked in it. */
export const currentLocale = printedLocale

/** Brings the words of the language that the host printed. */
export const startLocale = async (): Promise<void> => {
  const locale = printedLocale()
  const { messages } = await catalogs[locale]()
  i18n.loadAndActivate({ locale, messages })
}

/** Changes the language in place: the address, the scroll position and the bag stay. */
export const chooseLocale = async (locale: Locale): Promise<void> => {
  const { messages } = await catalogs[locale]()
  rememberLocale(locale)
  i18n.loadAndActivate({ locale, messages })
}
