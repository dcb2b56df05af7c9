import type { Media as Picture } from '@souk/contract/catalog'
import type { CSSProperties } from 'react'
import { sourceSet } from './variants.ts'

type MediaProps = {
  picture: Picture
  /** Empty where a name stands beside the picture. */
  alt: string
  /** How wide the picture is drawn, as in `sizes`. */
  sizes: string
  /** The main picture of the page: asked for first. */
  first?: boolean
  /** Share of the stage, only for cut-outs. */
  share?: string
  /** Names the one element that travels between pages. */
  transitionName?: string
}

/** A product's picture: cut-outs stand contained with a contact shadow, photos fill their stage. */
export const Media = ({ picture, alt, sizes, first = false, share, transitionName }: MediaProps) => {
  const { url, width, height, cutout } = picture
  const avif = sourceSet(url, 'avif', width)
  const style = { '--object-size': share, viewTransitionName: transitionName } as CSSProperties
  return (
    <picture className="souk-media" data-cutout={cutout ? '' : undefined} style={style}>
      {avif && <source type="image/avif" srcSet={avif} sizes={sizes} />}
      <img
        src={url}
        srcSet={sourceSet(url, 'webp', width)}
        sizes={sizes}
        width={width || undefined}
        height={height || undefined}
        alt={alt}
        loading={first ? 'eager' : 'lazy'}
        fetchPriority={first ? 'high' : undefined}
        decoding={first ? undefined : 'async'}
        draggable={false}
      />
    </picture>
  )
}

/** The picture behind an address among a product's pictures; unknown ones are taken to be like the first. */
export const pictureOf = (url: string, media: readonly Picture[]): Picture | undefined => {
  const known = media.find((one) => one.url === url)
  if (known) return known
  const like = media[0]
  return url === ''
    ? like
    : { url, width: like?.width ?? 0, height: like?.height ?? 0, cutout: like?.cutout ?? true, alt: '' }
}
