export const locales = ['en', 'zh-CN'] as const
export type Locale = (typeof locales)[number]

/** The language of a tag such as "zh-Hans" or "en-GB"; English for what we do not speak. */
export const localeOf = (tag: string): Locale => (/^zh\b/i.test(tag) ? 'zh-CN' : 'en')
