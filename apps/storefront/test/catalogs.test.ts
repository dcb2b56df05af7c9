import { deepEqual, ok } from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { compareCatalogs, readCatalog } from '../../../packages/ui/src/i18n/check.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const catalog = (locale: string) => readCatalog(readFileSync(join(root, 'locales', `${locale}.po`), 'utf8'))
const base = catalog('en')
const chinese = catalog('zh-CN')

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('.gen.'))
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  .join('\n')

/** Ids stand in quotes; families such as `order.status.${status}` count for all that begin so and end so. */
const usedIds = (): Set<string> => {
  const families = [...sources.matchAll(/`([a-zA-Z]+\.[^`]*?)\$\{[^`]*?\}([^`$]*)`/g)].map(
    ([, head = '', tail = '']) => ({ head, tail }),
  )
  const quoted = new Set([...sources.matchAll(/'([a-zA-Z]+(?:\.[\w-]+)+)'/g)].map(([, id = '']) => id))
  const known = base.map(({ id }) => id)
  return new Set(
    known.filter((id) => quoted.has(id) || families.some(({ head, tail }) => id.startsWith(head) && id.endsWith(tail))),
  )
}

/** What the code surely asks for: literal arguments of `t`. */
const literalIds = [...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, id = '']) => id)

test('both catalogs have the same ids and placeholders, all of them used', () =>
  deepEqual(compareCatalogs(base, chinese, new Set([...usedIds(), ...literalIds])), []))

test('the check has something to check', () => ok(base.length > 100 && literalIds.length > 100))

test('Chinese texts are Chinese', () => {
  const alike = new Set(['title.of', 'drawer.line'])
  const wrong = chinese
    .filter(({ id, text }) => !alike.has(id) && !/\p{Script=Han}|[“”]/u.test(text))
    .map(({ id }) => id)
  deepEqual(wrong, [])
})
