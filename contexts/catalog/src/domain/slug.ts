/** Cyrillic, Chinese and the like have no Latin letters here: what is left may be empty. */
export const slugify = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '')

const tail = (id: string, length: number): string => id.replaceAll('-', '').slice(-length)

/** Slugs to try for a new thing, best first; the last is its own by its id. */
export const slugCandidates = (name: string, id: string, prefix = 'p'): string[] => {
  const base = slugify(name)
  if (base === '') return [`${prefix}-${tail(id, 12)}`]
  return [base, ...[2, 3, 4, 5, 6, 7, 8, 9].map((count) => `${base}-${count}`), `${base}-${tail(id, 12)}`]
}

/** FNV-1a, 32 bits: the same number for the same text, everywhere and always. */
export const textHash = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash
}

/** The stage hue (degrees) of something that was given none. */
export const hueOf = (slug: string): number => textHash(slug) % 360
