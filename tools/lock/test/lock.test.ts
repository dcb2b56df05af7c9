import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { type Locked, wrongsOf } from '../lock.ts'

const { packages } = JSON.parse(await readFile(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked & { optionalDependencies?: Record<string, string> }>
}

test('the lockfile names the packages of every platform, so that a clean install works on each', () => {
  const names = new Set(
    Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
  )
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
  assert.ok(wanted.length > 20)
  assert.deepEqual(
    wanted.filter((name) => !names.has(name)),
    [],
  )
})

test('every package comes from the registry, is proven by its hash, and has a licence that we may use', () => {
  assert.ok(Object.keys(packages).length > 500)
  assert.deepEqual(wrongsOf(packages), [])
})

const good: Locked = { version: '1.2.3', integrity: 'sha512-abc', license: 'MIT' }

for (const [says, locked, wrong] of [
  ['a repository', { resolved: 'git+ssh://git@example.com/a/b.git#1' }, /comes from git/],
  ['a tarball over plain HTTP', { resolved: 'http://example.com/b/-/b-1.2.3.tgz' }, /comes from http:/],
  ['a file', { resolved: 'file:../b.tgz' }, /comes from file/],
  ['no hash', { integrity: undefined }, /no integrity/],
  ['an old hash', { integrity: 'sha1-abc' }, /no integrity/],
  ['no licence', { license: undefined }, /licence \(none\)/],
  ['a licence that asks for our own source', { license: 'AGPL-3.0-only' }, /AGPL/],
  ['one such part', { license: '(MIT AND GPL-3.0-only)' }, /GPL/],
] as const)
  test(`a planted violation is caught: ${says}`, () => {
    const [first, ...others] = wrongsOf({ 'node_modules/a/node_modules/b': { ...good, ...locked } as Locked })
    assert.match(first ?? '', wrong)
    assert.deepEqual(others, [])
  })

test('one good choice among licences is enough; what is linked from the house is not asked', () => {
  assert.deepEqual(
    wrongsOf({
      'node_modules/b': { ...good, license: '(GPL-2.0 OR BSD-3-Clause)' },
      'node_modules/@souk/a': { link: true },
    }),
    [],
  )
})
