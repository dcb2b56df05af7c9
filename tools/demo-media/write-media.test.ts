import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import type { MediaPlan } from './plan-media.ts'
import { writeMedia } from './write-media.ts'

let folder: string
let packageFolder: string

/** A 4×4 grey square, its upper half transparent where `alpha` is 0. */
const square = (alpha: number) => {
  const pixels = Buffer.alloc(4 * 4 * 4, 133)
  for (let pixel = 0; pixel < 16; pixel += 1) pixels[pixel * 4 + 3] = pixel < 8 ? alpha : 255
  return sharp(pixels, { raw: { width: 4, height: 4, channels: 4 } })
    .webp({ lossless: true })
    .toBuffer()
}

const plan: MediaPlan = {
  pictures: [
    { file: 'lamp.webp', source: 'lamp-source.webp' },
    { file: 'lamp-ink.webp', source: 'lamp-source.webp', colour: '2b2d33' },
    { file: 'illustration-error.webp', source: 'opaque.webp' },
  ],
  products: { lamp: { image: 'lamp.webp', colours: { Red: 'lamp.webp', Ink: 'lamp-ink.webp' } } },
  illustrations: { error: 'illustration-error.webp' },
  departments: [{ slug: 'home', name: { en: 'Home', zh: '家居' }, categories: [] }],
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-demo-media-'))
  packageFolder = join(folder, 'package')
  await mkdir(join(packageFolder, 'assets'), { recursive: true })
  await writeFile(join(packageFolder, 'assets', 'lamp-source.webp'), await square(0))
  await writeFile(join(packageFolder, 'assets', 'opaque.webp'), await square(255))
})
after(() => rm(folder, { recursive: true, force: true }))

const write = async (name: string) => {
  const out = join(folder, name)
  await writeMedia(plan, packageFolder, out)
  return out
}

test('pictures are twice as large, and the manifest says which have transparency', async () => {
  const out = await write('sizes')
  const manifest = JSON.parse(await readFile(join(out, 'media', 'manifest.json'), 'utf8'))
  assert.deepEqual(manifest.files, {
    'lamp.webp': { width: 8, height: 8, cutout: true },
    'lamp-ink.webp': { width: 8, height: 8, cutout: true },
    'illustration-error.webp': { width: 8, height: 8, cutout: false },
  })
  assert.deepEqual(manifest.products, plan.products)
  assert.deepEqual(manifest.illustrations, plan.illustrations)
  const { format, width, height } = await sharp(join(out, 'media', 'lamp.webp')).metadata()
  assert.deepEqual({ format, width, height }, { format: 'webp', width: 8, height: 8 })
})

test('a coloured picture has the colour, one as drawn keeps its own', async () => {
  const media = join(await write('colours'), 'media')
  const lowestPixel = async (file: string) => [...(await sharp(join(media, file)).raw().toBuffer()).subarray(-4)]
  const near = (actual: number[], expected: number[]) =>
    assert.ok(
      actual.every((channel, index) => Math.abs(channel - expected[index]!) <= 4),
      `${actual} is far from ${expected}`,
    )
  near(await lowestPixel('lamp.webp'), [133, 133, 133, 255])
  near(await lowestPixel('lamp-ink.webp'), [52, 54, 60, 255])
})

test('writing again gives the same bytes and leaves no picture of an older catalog', async () => {
  const out = await write('again')
  const media = join(out, 'media')
  const first = await readFile(join(media, 'lamp-ink.webp'))
  await writeFile(join(media, 'gone.webp'), 'old')
  await write('again')
  assert.deepEqual(await readFile(join(media, 'lamp-ink.webp')), first)
  assert.deepEqual((await readdir(media)).sort(), [
    'illustration-error.webp',
    'lamp-ink.webp',
    'lamp.webp',
    'manifest.json',
  ])
})

test('a missing source leaves the old media as they were', async () => {
  const out = await write('missing')
  const broken = { ...plan, pictures: [{ file: 'other.webp', source: 'absent.webp' }] }
  await assert.rejects(writeMedia(broken, packageFolder, out), { code: 'ENOENT' })
  assert.ok((await readdir(join(out, 'media'))).includes('lamp.webp'))
})
