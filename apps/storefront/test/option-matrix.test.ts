import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import type { ProductOption, Sku } from '@souk/contract/catalog'
import fc from 'fast-check'
import { buildMatrix, choose, openingSku, selectionOf, skuAt, stateOf } from '../src/features/product/option-matrix.ts'

const options: ProductOption[] = [
  { name: 'Colour', values: ['Clay', 'Ink'], colours: ['#c96f4a', '#2b2d33'] },
  { name: 'Size', values: ['40', '41', '42'], colours: [] },
]

const sku = (colour: string, size: string, availability: Sku['availability'] = 'IN_STOCK'): Sku => ({
  id: `${colour}-${size}`,
  code: `SHOE-${colour}-${size}`.toUpperCase(),
  options: { Colour: colour, Size: size },
  price: { currency: 'CNY', amount: 69_900 },
  availability,
  image: '',
  weight: 700,
  barcode: '',
})

const matrix = buildMatrix(options, [
  sku('Clay', '40', 'OUT_OF_STOCK'),
  sku('Clay', '41'),
  sku('Clay', '42'),
  sku('Ink', '40'),
  sku('Ink', '41', 'OUT_OF_STOCK'),
])

for (const [says, code, opened] of [
  ['the one in the address', 'SHOE-INK-41', 'Ink-41'],
  ['the first that can be bought when the address names none', undefined, 'Clay-41'],
  ['the first that can be bought when the address names nonsense', 'SHOE-GOLD-99', 'Clay-41'],
] as const)
  test(`a page opens on ${says}`, () => equal(openingSku(matrix, code)?.id, opened))

test('a product of one SKU without options opens on it', () => {
  const single = buildMatrix([], [{ ...sku('', ''), id: 'only', options: {} }])
  equal(openingSku(single, undefined)?.id, 'only')
  equal(skuAt(single, [])?.id, 'only')
})

for (const [selection, option, value, state] of [
  [['Clay', '41'], 1, '42', 'available'],
  [['Clay', '41'], 1, '40', 'sold-out'],
  [['Ink', '40'], 1, '42', 'missing'],
  [['Clay', '42'], 0, 'Ink', 'missing'],
] as const)
  test(`beside ${selection.join(' ')}, ${value} is ${state}`, () =>
    equal(stateOf(matrix, selection, option, value), state))

test('an existing combination is taken as it is, sold out or not', () =>
  deepEqual(choose(matrix, ['Clay', '41'], 1, '40'), { sku: matrix.skus[0], moved: [] }))

test('a missing combination keeps the new value and moves the other option to one that can be bought', () => {
  const choice = choose(matrix, ['Clay', '42'], 0, 'Ink')
  equal(choice?.sku.id, 'Ink-40')
  deepEqual(choice?.moved, [1])
})

test('a value that no SKU has leads nowhere', () => equal(choose(matrix, ['Clay', '41'], 1, '99'), undefined))

test('whatever is chosen, the result exists and has the chosen value', () => {
  const values = (option: ProductOption | undefined) => fc.constantFrom(...(option?.values ?? []))
  const selection = fc.tuple(values(options[0]), values(options[1]))
  const pick = fc.constantFrom(...options.flatMap(({ values: all }, place) => all.map((value) => ({ place, value }))))
  fc.assert(
    fc.property(selection, pick, (chosen, { place, value }) => {
      const choice = choose(matrix, chosen, place, value)
      ok(choice)
      const reached = selectionOf(options, choice.sku)
      equal(reached[place], value)
      equal(skuAt(matrix, reached), choice.sku)
    }),
  )
})
