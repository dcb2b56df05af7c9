/** ISO 3166: reserved for users; here "not told in a way we know". */
export const unknownCountry = 'ZZ'

/** The code in use today: the runtime also knows old ones (FX, SU, UK) by the same names. */
const current = (code: string): string => new Intl.Locale(`und-${code}`).region ?? code

let names: Map<string, string> | undefined

/** What people type and the runtime's data does not have. */
const alsoTyped = [
  ['usa', 'US'],
  ['macau', 'MO'],
  ['臺灣', 'TW'],
] as const

/** Country names as the shop's readers write them, from the runtime's own data; the long forms are the official ones. */
const countryNames = (): Map<string, string> => {
  if (names) return names
  names = new Map(alsoTyped)
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const forms = ['en', 'zh-CN', 'zh-Hant'].flatMap((locale) => [
    new Intl.DisplayNames(locale, { type: 'region', fallback: 'none', style: 'short' }),
    new Intl.DisplayNames(locale, { type: 'region', fallback: 'none', style: 'long' }),
  ])
  for (const display of forms)
    for (const code of letters.flatMap((a) => letters.map((b) => a + b))) {
      const name = display.of(code)
      if (name) names.set(name.toLowerCase(), current(code))
    }
  return names
}

/** A code as it is used today, a name in English or Chinese as its code, anything else as `ZZ`. */
export const countryCode = (text: string): string => {
  const typed = text.trim()
  if (/^[A-Za-z]{2}$/.test(typed)) return current(typed.toUpperCase())
  return countryNames().get(typed.toLowerCase()) ?? unknownCountry
}
