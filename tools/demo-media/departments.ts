import type { Bilingual } from '../../apps/server/src/demo/parse-options.ts'

export type Category = {
  slug: string
  name: Bilingual
  /** Hue of its stages, in degrees of OKLCH. */
  hue: number
  /** Object on its cover, a file of the picture package. */
  cover: string
}

export type Department = { slug: string; name: Bilingual; categories: Category[] }

const category = (slug: string, en: string, zh: string, hue: number, cover: string): Category => ({
  slug,
  name: { en, zh },
  hue,
  cover: `${cover}.webp`,
})

/** The category tree of the demo shop, in the order the shop shows it. */
export const departments: Department[] = [
  {
    slug: 'tech',
    name: { en: 'Tech', zh: '数码' },
    categories: [
      category('audio-camera', 'Audio & camera', '影音摄影', 265, '1f4f7'),
      category('computing-gaming', 'Computing & gaming', '数码电玩', 295, '1f3ae'),
    ],
  },
  {
    slug: 'wear',
    name: { en: 'Wear', zh: '穿搭' },
    categories: [
      category('clothing', 'Clothing', '服饰', 165, '1f9e5'),
      category('shoes-bags', 'Shoes & bags', '鞋履箱包', 20, '1f45f'),
      category('accessories-beauty', 'Accessories & beauty', '配饰美妆', 345, '1f452'),
    ],
  },
  {
    slug: 'home',
    name: { en: 'Home', zh: '家居' },
    categories: [
      category('living', 'Living', '起居', 240, '1f6cb-fe0f'),
      category('kitchen', 'Kitchen & table', '厨房餐桌', 40, '1fad6'),
      category('plants-gifts', 'Plants & gifts', '花植礼赠', 135, '1fab4'),
    ],
  },
  {
    slug: 'taste',
    name: { en: 'Taste', zh: '食集' },
    categories: [category('pantry', 'Pantry', '食品茶饮', 75, '1f96e')],
  },
  {
    slug: 'play',
    name: { en: 'Play', zh: '乐活' },
    categories: [
      category('sport-outdoor', 'Sport & outdoor', '运动户外', 210, '1f6b2'),
      category('toys-music', 'Toys & music', '玩具乐器', 320, '1f9f8'),
      category('studio', 'Studio & stationery', '文具画材', 105, '1f58b-fe0f'),
    ],
  },
]
