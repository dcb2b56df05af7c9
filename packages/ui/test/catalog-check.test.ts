import { deepEqual } from 'node:assert/strict'
import { test } from 'node:test'
import { compareCatalogs, placeholders, readCatalog } from '../src/i18n/check.ts'

const po = `msgid ""
msgstr ""
"Language: en\\n"

msgid "bag.title"
msgstr "Your \\"bag\\""

#, comment
msgid "bag.count"
msgstr ""
"{count, plural, one {# item} "
"other {# items}}"
`

test('a catalog is read with its escapes and broken lines', () =>
  deepEqual(readCatalog(po), [
    { id: 'bag.title', text: 'Your "bag"' },
    { id: 'bag.count', text: '{count, plural, one {# item} other {# items}}' },
  ]))

test('placeholders are the values and tags, not the branches', () =>
  deepEqual(placeholders('{count, plural, =0 {none} one {# of {total}} other {#}} <b>now</b>'), [
    '<b>',
    'count',
    'total',
  ]))

test('every kind of difference is found', () => {
  const base = [
    { id: 'a', text: '{n} x' },
    { id: 'b', text: 'y' },
    { id: 'c', text: 'z' },
  ]
  const other = [
    { id: 'a', text: '{m} x' },
    { id: 'c', text: 'z' },
    { id: 'd', text: 'd' },
  ]
  deepEqual(compareCatalogs(base, other, new Set(['a', 'b', 'e'])), [
    'a: other placeholders',
    'b: no translation',
    'd: only in the translation',
    'e: used, but in no catalog',
    'c: in the catalog, but not used',
  ])
})
