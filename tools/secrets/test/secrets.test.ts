import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { secretsIn } from '../secrets.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** What is never committed; all else is looked at, hidden files included. */
const uncommitted = new Set(['node_modules', '.git', '.souk', '.stryker', 'coverage', 'tmp'])

test('no file of the house holds what looks like a secret', async () => {
  const found: string[] = []
  let looked = 0
  for await (const entry of glob('**/*', {
    cwd: root,
    withFileTypes: true,
    exclude: ({ name }) => uncommitted.has(name) || /^dist(\.|$)/.test(name),
  })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    if (bytes.includes(0)) continue
    looked++
    found.push(...secretsIn(bytes.toString()).map((one) => `${path}:${one}`))
  }
  assert.ok(looked > 500, `only ${looked} files`)
  assert.deepEqual(found, [])
})

/** Put together here, so that this file holds none. */
const letters = (count: number) => 'aZ3'.repeat(count).slice(0, count)

for (const [says, text] of [
  ['a private key', `-----BEGIN EC ${'PRIVATE'} KEY-----`],
  ['a private key as JWK', `{"kty":"EC","d":"${letters(43)}"}`],
  ['a cloud key', `id = AKIA${'ABCDEFGH12345678'}`],
  ['a token of a code host', `ghp_${letters(36)}`],
  ['a token of a package registry', `//registry/:_authToken=${letters(20)}`],
  ['a token of a chat', `xoxb-${letters(12)}`],
  ['a key of a payment channel', `sk_live_${letters(24)}`],
  ['a signed token', `eyJ${letters(20)}.eyJ${letters(20)}.${letters(40)}`],
  ['a password in an address', `postgres://souk:${letters(16)}@db.example.com/souk`],
  ['a secret in a setting', `SOUK_SERVICE_SECRET=${letters(40)}`],
] as const)
  test(`a planted secret is found: ${says}`, () => {
    const found = secretsIn(`first line\n${text}\nlast line`)
    assert.ok(found.includes(`2: ${says}`), found.join())
  })
