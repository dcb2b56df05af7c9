import type { Category } from '@souk/contract/catalog'
import { Media, Stage } from '@souk/ui'
import { Link } from '@tanstack/react-router'

/** Category covers are uploaded cut-outs of the shop's own; their answers carry the address only. */
const cover = (url: string) => ({ url, width: 512, height: 512, cutout: true, alt: '' })

/** All categories, each as an object on its stage. */
export const CategoryShelf = ({ categories }: { categories: readonly Category[] }) => (
  <ul className="grid grid-cols-4 gap-x-2.5 gap-y-4 md:grid-cols-6 md:gap-x-4 md:gap-y-6">
    {categories.map(({ id, slug, name, hue, image }) => (
      <li key={id} className="souk-lift relative">
        <Stage hue={hue} className="aspect-square rounded-card">
          {image && <Media picture={cover(image)} alt="" share="64%" sizes="(min-width: 768px) 120px, 20vw" />}
        </Stage>
        <Link
          to="/c/$slug"
          params={{ slug }}
          preload="intent"
          className="mt-2 block text-center text-[13px] leading-tight font-medium after:absolute after:inset-0 after:rounded-card md:text-[15px]"
        >
          {name}
        </Link>
      </li>
    ))}
  </ul>
)

export const CategoryShelfSkeleton = () => (
  <div className="grid grid-cols-4 gap-x-2.5 gap-y-4 md:grid-cols-6 md:gap-x-4 md:gap-y-6" aria-hidden>
    {Array.from({ length: 12 }, (_, place) => (
      <div key={place}>
        <div className="skeleton aspect-square rounded-card!" />
        <div className="skeleton mx-auto mt-2.5 h-3.5 w-2/3" />
      </div>
    ))}
  </div>
)
