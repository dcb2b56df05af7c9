import { deepEqual, equal, match, ok, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { contextFiles, depending, listed, parseName, Refusal } from '../new-context.ts'

for (const typed of [undefined, '', 'Gift', 'gift-card', 'gift_card', 'gift2', '../gift', 'gift card', '礼物', 'class'])
  test(`${typed} is no name`, () => throws(() => parseName(typed), Refusal))

test('one lower-case word is a name', () => equal(parseName('gift'), 'gift'))

test('every placeholder is filled, in paths and in texts', async () => {
  const files = await contextFiles('gift')
  for (const [path, text] of files) {
    ok(!/NAME|\.txt$/.test(path), path)
    ok(!/\{\{|NAME/.test(text), path)
  }
  deepEqual(
    [...files.keys()].filter((path) => /sql$|proto$|service\//.test(path)),
    [
      'contexts/gift/migrations/0001_gift.sql',
      'contexts/gift/src/service/create-gift.ts',
      'proto/souk/gift/v1/service.proto',
    ],
  )
  match(files.get('proto/souk/gift/v1/service.proto')!, /post: "\/v1\/gifts"/)
})

const source = `import { cart } from '@souk/cart'
import { order } from '@souk/order'
import type { Context } from '@souk/platform'

export const contexts = [
  order,
  cart,
] as unknown as readonly AnyContext[]
`

for (const [name, before] of [
  ['bonus', /^import \{ bonus \} from '@souk\/bonus'\nimport \{ cart/],
  ['gift', /cart'\nimport \{ gift \} from '@souk\/gift'\nimport \{ order/],
  ['outlet', /order'\nimport \{ outlet \} from '@souk\/outlet'\nimport type/],
] as const)
  test(`${name} is imported in its sorted place and listed last`, () => {
    const text = listed(source, name)
    match(text, before)
    match(text, new RegExp(`  cart,\n  ${name},\n\\] as unknown`))
    equal(text.split('\n').length, source.split('\n').length + 2)
  })

test('a list of another shape is refused, not guessed at', () => throws(() => listed('export {}\n', 'gift'), Refusal))

test('the package file gains one line', () => {
  equal(
    depending('{\n  "dependencies": {\n    "@souk/cart": "*"\n  }\n}\n', 'gift'),
    '{\n  "dependencies": {\n    "@souk/cart": "*",\n    "@souk/gift": "*"\n  }\n}\n',
  )
})
