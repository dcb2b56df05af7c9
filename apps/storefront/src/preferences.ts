import { type Locale, localeOf } from '@souk/ui'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const year = 365 * 24 * 3600

/** Read by the host too, so that the next page comes in the right language and theme without a flash. */
const remember = (name: 'souk-lang' | 'souk-theme', value: string): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in Firefox yet
  document.cookie = `${name}=${value}; path=/; max-age=${year}; samesite=lax`
}

export const currentTheme = (): Theme => {
  const printed = document.documentElement.dataset.theme
  return printed === 'light' || printed === 'dark' ? printed : 'system'
}

export const chooseTheme = (theme: Theme): void => {
  document.documentElement.dataset.theme = theme
  remember('souk-theme', theme)
}

/** The language the host printed. */
export const printedLocale = (): Locale => localeOf(document.documentElement.lang)

export const rememberLocale = (locale: Locale): void => {
  document.documentElement.lang = locale
  remember('souk-lang', locale)
}
