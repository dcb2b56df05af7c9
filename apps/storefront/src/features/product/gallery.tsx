import type { Media as Picture } from '@souk/contract/catalog'
import { Media, Stage } from '@souk/ui'
import { useEffect, useState } from 'react'
import { cx } from '../../parts/cx.ts'
import { arrival } from '../../parts/travel.ts'
import { useText } from '../../parts/use-text.ts'

type ThumbsProps = {
  hue: number
  pictures: readonly Picture[]
  shown: string | undefined
  onShow: (url: string) => void
}

const Thumbs = ({ hue, pictures, shown, onShow }: ThumbsProps) => {
  const { t } = useText()
  return (
    <fieldset className="mt-3 flex gap-2.5 overflow-x-auto p-1">
      <legend className="sr-only">{t('product.pictures')}</legend>
      {pictures.map((picture, place) => (
        <label
          key={picture.url}
          className={cx(
            'relative block size-16 shrink-0 overflow-hidden rounded-tile ring-ink has-focus-visible:ring-2 has-focus-visible:ring-offset-2',
            picture.url === shown && 'ring-2',
          )}
        >
          <input
            type="radio"
            name="picture"
            className="cover-radio"
            checked={picture.url === shown}
            onChange={() => onShow(picture.url)}
            aria-label={t('product.picture', { number: place + 1, of: pictures.length })}
          />
          <Stage hue={hue} className="size-full">
            <Media picture={picture} alt="" share="76%" sizes="64px" />
          </Stage>
        </label>
      ))}
    </fieldset>
  )
}

type GalleryProps = {
  name: string
  hue: number
  pictures: readonly Picture[]
  /** The picture of the chosen SKU; the reader may look at others until another SKU is chosen. */
  chosen: Picture | undefined
}

/** The object on its stage; its other pictures below. */
export const Gallery = ({ name, hue, pictures, chosen }: GalleryProps) => {
  const [looked, setLooked] = useState<string>()
  // Another SKU brings its own picture back.
  useEffect(() => setLooked(undefined), [chosen?.url])
  const shown = pictures.find(({ url }) => url === looked) ?? chosen ?? pictures[0]
  return (
    <div className="min-w-0 lg:sticky lg:top-20 lg:self-start">
      <Stage hue={hue} className="product-stage rounded-band">
        {shown && (
          <Media
            key={shown.url}
            picture={shown}
            alt={name}
            first
            share="var(--product-object, 66%)"
            sizes="(min-width: 1024px) 420px, 66vw"
            transitionName={arrival}
          />
        )}
      </Stage>
      {pictures.length > 1 && <Thumbs hue={hue} pictures={pictures} shown={shown?.url} onShow={setLooked} />}
    </div>
  )
}
