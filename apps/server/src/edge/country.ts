/** ISO 3166: reserved for users; here "not told in a way we know". */
export const unknownCountry = 'ZZ'

let names: Map<string, string> | undefined

/** Country names in both languages of the shop, from the runtime's own data. */
const countryNames = (): Map<string, string> => {
  if (names) return names
  names = new Map([
    ['usa', 'US'],
    ['uk', 'GB'],
  ])
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  for (const locale of ['en', 'zh-CN']) {
    const display = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' })
    for (const code of letters.flatMap((a) => letters.map((b) => a + b))) {
      const name = display.of(code)
      if (name) names.set(name.toLowerCase(), code)
    }
  }
  return names
}

/** A code as it is, a name in English or Chinese as its code, anything else as `ZZ`. */
export const countryCode = (text: string): string => {
  const typed = text.trim()
  if (/^[A-Za-z]{2}$/.test(typed)) return typed.toUpperCase()
  return countryNames().get(typed.toLowerCase()) ?? unknownCountry
}
