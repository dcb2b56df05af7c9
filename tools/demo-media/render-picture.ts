import sharp from 'sharp'
import { recolour } from './recolour.ts'

export type RenderedPicture = {
  webp: Buffer
  /** Pixels. */
  width: number
  height: number
  /** Some pixels are transparent, so the picture stands on a stage instead of filling it. */
  cutout: boolean
}

const enlargement = 2

/** Enlarges one object, coloured when `colour` (six hex digits) is given; equal input gives equal bytes. */
export const renderPicture = async (source: Buffer, colour?: string): Promise<RenderedPicture> => {
  const { data, info } = await sharp(source).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  // Colouring before enlarging: the recipe is per pixel, and the kernel then smooths its steps too.
  const pixels = colour === undefined ? data : recolour(data, colour)
  const width = info.width * enlargement
  const height = info.height * enlargement
  const webp = await sharp(pixels, { raw: { width: info.width, height: info.height, channels: 4 } })
    .resize(width, height, { kernel: 'lanczos3' })
    .webp({ quality: 82 })
    .toBuffer()
  const { isOpaque } = await sharp(webp).stats()
  return { webp, width, height, cutout: !isOpaque }
}
