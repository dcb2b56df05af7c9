import type { Locale } from '@souk/platform'

const known = new Map<string, Locale>()
const most = 1_000

/** The best of the languages we have, by q-values; English when nothing fits. */
export const localeFrom = (header: string | undefined): Locale => {
  if (header === undefined) return 'en'
  const remembered = known.get(header)
  if (remembered) return remembered
  if (known.size >= most) known.clear()
  const locale = negotiate(header)
  known.set(header, locale)
  return locale
}

const negotiate = (header: string): Locale => {
  let best: Locale = 'en'
  let quality = 0
  for (const part of header.slice(0, 1_000).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const weight = weightOf(parameters)
    const locale = localeOf(tag.trim())
    if (locale && weight > quality) {
      best = locale
      quality = weight
    }
  }
  return best
}

const localeOf = (tag: string): Locale | undefined => {
  if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN'
  return tag === 'en' || tag.startsWith('en-') || tag === '*' ? 'en' : undefined
}

const weightOf = (parameters: readonly string[]): number => {
  const q = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='))
  if (q === undefined) return 1
  const weight = Number(q.slice(2))
  return weight >= 0 && weight <= 1 ? weight : 0
}
