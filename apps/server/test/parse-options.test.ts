import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DemoOption, parseOptions } from '../src/demo/parse-options.ts'

const value = (en: string, zh = en, rest: { colour?: string; surcharge?: number } = {}) => ({
  en,
  zh,
  surcharge: 0,
  ...rest,
})

const readable: [says: string, column: string, expected: DemoOption[]][] = [
  ['a blank column has no options', '', []],
  [
    'a value without a slash reads the same in both languages',
    'Size/尺码:S|M',
    [{ name: { en: 'Size', zh: '尺码' }, values: [value('S'), value('M')] }],
  ],
  [
    'colour and surcharge follow the names',
    'Shade/色号:01 Cherry/01 樱桃|02 Brick/02 砖红@a8483a+500',
    [
      {
        name: { en: 'Shade', zh: '色号' },
        values: [value('01 Cherry', '01 樱桃'), value('02 Brick', '02 砖红', { colour: 'a8483a', surcharge: 500 })],
      },
    ],
  ],
  [
    'a surcharge needs no colour and signs inside a value stay',
    'Size/尺寸:30 × 30 cm/30 × 30 厘米|10,000 mAh+8000',
    [
      {
        name: { en: 'Size', zh: '尺寸' },
        values: [value('30 × 30 cm', '30 × 30 厘米'), value('10,000 mAh', '10,000 mAh', { surcharge: 8000 })],
      },
    ],
  ],
  [
    'groups are split by semicolons and keep their order',
    'No./型号:4;Grip/握把:2',
    [
      { name: { en: 'No.', zh: '型号' }, values: [value('4')] },
      { name: { en: 'Grip', zh: '握把' }, values: [value('2')] },
    ],
  ],
]

for (const [says, column, expected] of readable) {
  test(says, () => assert.deepEqual(parseOptions(column), expected))
}

const refused: [says: string, column: string, message: RegExp][] = [
  ['a name in one language', 'Size:S|M', /is not Name\/名称/],
  ['a group without values', 'Size/尺码:', /is not Name\/名称/],
  ['an empty value', 'Size/尺码:S||M', /option value '' is not/],
  ['a colour of five digits', 'Colour/颜色:Red|Ink@2b2d3', /option value 'Ink@2b2d3' is not/],
  ['a surcharge that is no number', 'Kit/套装:Body|Lens+12x', /option value 'Lens\+12x' is not/],
  ['three languages', 'Kit/套装:Body/a/b', /option value 'Body\/a\/b' is not/],
  ['a blank translation', 'Kit/套装:Body/ ', /blank in one language/],
  ['a value twice', 'Size/尺码:S|S', /repeats a value/],
  ['a translation twice', 'Size/尺码:Small/小|Tiny/小', /repeats a value/],
  ['a coloured first value', 'Colour/颜色:Ink@2b2d33|Red', /the object as drawn/],
  ['an option twice', 'Size/尺码:S;Size/大小:M', /repeat a name/],
  ['two coloured groups', 'Body/机身:Red|Ink@2b2d33;Strap/表带:Red|Ink@2b2d33', /more than one coloured group/],
]

for (const [says, column, message] of refused) {
  test(`${says} is refused`, () => assert.throws(() => parseOptions(column), { message }))
}
