import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

type Locked = { optionalDependencies?: Record<string, string> }

test('the lockfile names the packages of every platform, so that a clean install works on each', async () => {
  const { packages } = JSON.parse(await readFile(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, Locked>
  }
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
