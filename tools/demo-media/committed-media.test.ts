import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { parseDemoCatalog } from '../../apps/server/src/demo/parse-catalog.ts'
import { departments } from './departments.ts'
import { illustrations } from './illustrations.ts'
import { noticeText } from './notice.ts'
import { planMedia } from './plan-media.ts'
import type { MediaManifest } from './write-media.ts'

const demoFolder = join(import.meta.dirname, '../../apps/server/demo')
const mediaFolder = join(demoFolder, 'media')
const read = (file: string) => readFileSync(join(demoFolder, file), 'utf8')

const products = parseDemoCatalog(read('catalog.csv'))
const plan = planMedia(products, illustrations, departments)
const manifest = JSON.parse(read('media/manifest.json')) as MediaManifest

test('the plan is 120 objects, 114 colours and 14 illustrations', () => {
  assert.equal(plan.pictures.length, 248)
  assert.equal(plan.pictures.filter((picture) => picture.colour).length, 114)
  assert.equal(Object.keys(plan.illustrations).length, 14)
})

test('the committed folder holds exactly the planned pictures, about 3 MB', () => {
  const committed = readdirSync(mediaFolder)
  assert.deepEqual(committed.toSorted(), ['manifest.json', ...plan.pictures.map(({ file }) => file)].toSorted())
  const bytes = committed.reduce((sum, file) => sum + statSync(join(mediaFolder, file)).size, 0)
  assert.ok(bytes < 3_500_000, `${bytes} bytes`)
})

test('the committed manifest is that of the catalog', () => {
  assert.deepEqual(
    Object.keys(manifest.files),
    plan.pictures.map(({ file }) => file),
  )
  assert.deepEqual(manifest.products, plan.products)
  assert.deepEqual(manifest.illustrations, plan.illustrations)
})

test('every committed picture is the 512×512 cut-out the manifest promises', async () => {
  for (const [file, promised] of Object.entries(manifest.files)) {
    assert.deepEqual(promised, { width: 512, height: 512, cutout: true }, file)
    const { format, width, height, hasAlpha } = await sharp(join(mediaFolder, file)).metadata()
    assert.deepEqual(
      { format, width, height, hasAlpha },
      { format: 'webp', width: 512, height: 512, hasAlpha: true },
      file,
    )
  }
})

test('every chosen colour of every SKU finds a picture of its own', () => {
  for (const product of products) {
    const { image, colours } = manifest.products[product.slug]!
    for (const sku of product.skus) {
      const shown = sku.values.map((value) => colours[value]).find((file) => file !== undefined) ?? image
      assert.equal(shown === image, sku.colour === undefined, sku.code)
    }
  }
})

test('the committed categories are the table: 5 departments, the 12 categories of the catalog', () => {
  const committed = JSON.parse(read('categories.json'))
  assert.deepEqual(committed, { departments: plan.departments })
  const slugs = departments.flatMap((department) => department.categories.map((category) => category.slug))
  assert.equal(departments.length, 5)
  assert.deepEqual(slugs, [...new Set(products.map((product) => product.category))])
})

test('both licences travel with the pictures', () => {
  assert.equal(read('NOTICE.md'), noticeText)
  assert.match(noticeText, /Copyright \(c\) Microsoft Corporation\./)
  assert.match(noticeText, /Copyright \(c\) 2023 LobeHub/)
})
