import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { isSocketFolder } from '../../src/db/embedded/endpoint.ts'

const place = { dataDir: '/data', home: '/data/postgres', cluster: '/data/postgres/cluster', account: undefined }

for (const [folder, expected] of [
  ['/data/postgres/socket', true],
  ['/tmp/souk-0123456789abcdef/s', true],
  ['/tmp/souk-Ab9Xyz/s', true],
  ['/tmp/souk-x/../../etc/s', false],
  ['/tmp/souk-x/s/', false],
  ['/etc', false],
  ['', false],
] as const) {
  test(`a pid file that names ${folder || 'no folder'} is ${expected ? '' : 'not '}believed`, () =>
    equal(isSocketFolder(folder, place), expected))
}
