import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { sourceSet } from '../src/media/variants.ts'

const hash = '0123456789abcdef0123456789abcdef'

for (const [says, url, width, expected] of [
  ['never wider than the picture', `/media/${hash}.webp`, 512, [160, 320, 512]],
  ['all of a large picture', `/media/${hash}.webp`, 4000, [160, 320, 512, 768, 1200]],
  ['at least the smallest', `/media/${hash}.webp`, 90, [160]],
] as const)
  test(`variants: ${says}`, () => {
    const set = expected.map((one) => `/media/${hash}-${one}.avif ${one}w`).join(', ')
    equal(sourceSet(url, 'avif', width), set)
  })

for (const url of ['https://elsewhere.example/a.webp', '/media/short.webp', `/media/${hash}.png`, ''])
  test(`'${url}' has no variants`, () => equal(sourceSet(url, 'webp', 512), undefined))
