/** Widths the catalog renders of each uploaded picture, pixels. */
const widths = [160, 320, 512, 768, 1200]

const uploaded = /^(.*\/media\/[0-9a-f]{32})\.webp$/

/**
 * `srcset` of an uploaded picture in one format, up to its own width; undefined for pictures kept elsewhere, which have
 * no variants.
 */
export const sourceSet = (url: string, format: 'avif' | 'webp', width: number): string | undefined => {
  const base = uploaded.exec(url)?.[1]
  if (base === undefined) return undefined
  const offered = widths.filter((one) => one <= width)
  const chosen = offered.length > 0 ? offered : widths.slice(0, 1)
  return chosen.map((one) => `${base}-${one}.${format} ${one}w`).join(', ')
}
