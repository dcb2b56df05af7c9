/** Three channels in sRGB, each 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** Where the mean tone of every object is moved before it is coloured, so that one colour looks alike on all. */
const targetTone = 0.52
const exponentRange = { least: 0.6, most: 1.35 }

/** `colour` is six hex digits. */
export const parseColour = (colour: string): Rgb => {
  if (!/^[0-9a-f]{6}$/.test(colour)) throw new Error(`'${colour}' is not a colour of six hex digits`)
  const channel = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16) / 255
  return [channel(0), channel(2), channel(4)]
}

/** Rec. 709 luminance of the encoded channels, 0 to 1: overlay blends encoded values too. */
export const luminance = ([red, green, blue]: Rgb): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue

/** The exponent that moves a mean luminance towards the target tone; limited, so that no object loses its shading. */
export const toneExponent = (meanLuminance: number): number => {
  if (meanLuminance <= 0) return exponentRange.least
  if (meanLuminance >= 1) return exponentRange.most
  const exponent = Math.log(targetTone) / Math.log(meanLuminance)
  return Math.min(exponentRange.most, Math.max(exponentRange.least, exponent))
}

/** Overlay blend of one channel of a colour over a tone: black stays black, white stays white. */
export const overlay = (tone: number, channel: number): number =>
  tone < 0.5 ? 2 * tone * channel : 1 - 2 * (1 - tone) * (1 - channel)

const pixelAt = (rgba: Uint8Array, at: number): Rgb => [rgba[at]! / 255, rgba[at + 1]! / 255, rgba[at + 2]! / 255]

const meanOpaqueLuminance = (rgba: Uint8Array): number => {
  let sum = 0
  let count = 0
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3] !== 255) continue
    sum += luminance(pixelAt(rgba, at))
    count += 1
  }
  return count === 0 ? targetTone : sum / count
}

/** A copy of `rgba` (four bytes a pixel, alpha not premultiplied) in the tones of `colour`; alpha is kept. */
export const recolour = (rgba: Uint8Array, colour: string): Uint8Array => {
  const channels = parseColour(colour)
  const exponent = toneExponent(meanOpaqueLuminance(rgba))
  const coloured = Uint8Array.from(rgba)
  for (let at = 0; at < rgba.length; at += 4) {
    const tone = luminance(pixelAt(rgba, at)) ** exponent
    for (const [offset, channel] of channels.entries()) {
      coloured[at + offset] = Math.round(overlay(tone, channel) * 255)
    }
  }
  return coloured
}
