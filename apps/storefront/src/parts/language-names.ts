/** Each language in its own words. */
export const languageNames = { en: 'English', 'zh-CN': '简体中文' } as const
