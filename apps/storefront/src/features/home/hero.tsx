import type { ProductSummary } from '@souk/contract/catalog'
import { Media, Stage } from '@souk/ui'
import { Link } from '@tanstack/react-router'
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { cx } from '../../parts/cx.ts'
import { travel } from '../../parts/travel.ts'
import { useText } from '../../parts/use-text.ts'

const Words = ({ product }: { product: ProductSummary | undefined }) => {
  const { t, money } = useText()
  return (
    <div className="relative z-10 flex flex-col items-start justify-center gap-5 md:gap-7">
      <h1 tabIndex={-1} className="text-display max-w-[11ch]">
        {t('home.headline')}
      </h1>
      {product?.price && (
        <Link
          to="/p/$slug"
          params={{ slug: product.slug }}
          preload="intent"
          className="group/link inline-flex min-h-13 items-center gap-3 rounded-full bg-ink py-2 pr-5 pl-6 font-semibold text-on-ink"
        >
          <span>
            {product.name} <span className="tabular-nums opacity-75">{money(product.price)}</span>
          </span>
          <ArrowRight size={18} aria-hidden className="transition-transform group-hover/link:translate-x-1" />
        </Link>
      )}
    </div>
  )
}

type ThumbsProps = { heroes: readonly ProductSummary[]; shown: number; onShow: (place: number) => void }

/** Others wait for the reader: nothing here moves by itself. */
const Thumbs = ({ heroes, shown, onShow }: ThumbsProps) => {
  const { t } = useText()
  if (heroes.length < 2) return null
  return (
    <fieldset className="absolute bottom-6 left-6 z-10 flex gap-2.5 md:bottom-9 md:left-[clamp(32px,5vw,80px)]">
      <legend className="sr-only">{t('home.heroes')}</legend>
      {heroes.map((product, place) => (
        <label
          key={product.id}
          className={cx(
            'relative block size-13 overflow-hidden rounded-tile ring-ink transition-shadow has-focus-visible:ring-2 has-focus-visible:ring-offset-2 md:size-16',
            place === shown && 'ring-2',
          )}
        >
          <input
            type="radio"
            name="hero"
            className="cover-radio"
            checked={place === shown}
            onChange={() => onShow(place)}
            aria-label={product.name}
          />
          <Stage hue={product.hue} className="size-full brightness-95">
            {product.media[0] && <Media picture={product.media[0]} alt="" sizes="52px" share="76%" />}
          </Stage>
        </label>
      ))}
    </fieldset>
  )
}

/** The first thing to see: one object, large, on its stage. */
export const Hero = ({ heroes }: { heroes: readonly ProductSummary[] }) => {
  const [shown, setShown] = useState(0)
  const product = heroes[shown]
  const picture = product?.media[0]
  return (
    <section className="relative">
      <Stage hue={product?.hue} className="hero rounded-band transition-colors duration-300">
        <div className="grid size-full grid-rows-[auto_1fr] gap-2 px-6 pt-9 pb-24 md:grid-cols-[1.05fr_1fr] md:grid-rows-1 md:px-[clamp(32px,5vw,80px)] md:py-0">
          <Words product={product} />
          <article className="grid min-h-0 place-items-center">
            {product && picture && (
              <Link
                key={product.id}
                to="/p/$slug"
                params={{ slug: product.slug }}
                preload="intent"
                onClick={travel}
                tabIndex={-1}
                aria-hidden
                className="souk-lift grid w-full animate-[appear_320ms] place-items-center"
              >
                <Media picture={picture} alt="" first share="min(74%, 42svh)" sizes="(min-width: 768px) 420px, 70vw" />
              </Link>
            )}
          </article>
        </div>
      </Stage>
      <Thumbs heroes={heroes} shown={shown} onShow={setShown} />
    </section>
  )
}
