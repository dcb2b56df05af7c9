import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { methods } from '@souk/contract/methods'
import { routesFile } from '../generate.ts'
import { routes } from '../src/routes.gen.ts'

test('the table is the one that the contract gives now (else run: node packages/client/generate.ts)', async () => {
  assert.equal(await readFile(new URL('../src/routes.gen.ts', import.meta.url), 'utf8'), routesFile())
})

test('it holds every method that has an address, and only those', () => {
  assert.deepEqual(
    Object.keys(routes).sort(),
    methods
      .filter(({ http }) => http)
      .map(({ name }) => name)
      .sort(),
  )
})

test('nothing that a browser cannot load is imported', async () => {
  for (const file of ['index', 'client', 'request', 'problem', 'types', 'routes.gen']) {
    const text = await readFile(new URL(`../src/${file}.ts`, import.meta.url), 'utf8')
    for (const [line, type, from] of text.matchAll(/^(?:import|export) (type )?.* from '([^']+)'/gm)) {
      assert.ok(type || from?.startsWith('./'), line)
    }
  }
})
