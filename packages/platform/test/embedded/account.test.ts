import { deepEqual, equal, notEqual, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { chooseAccount } from '../../src/db/embedded/account.ts'

const root = 'root:x:0:0:root:/root:/bin/bash'
const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin'
const postgres = 'postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash'
const souk = 'souk:x:990:990::/nonexistent:/usr/sbin/nologin'

for (const [says, passwd, expected] of [
  ['an account made for us comes first', [root, nobody, postgres, souk], 990],
  ['then the one made for PostgreSQL', [root, nobody, postgres], 101],
  ['then nobody', [root, nobody], 65_534],
  ['a second name of root is no plain account', [root, 'postgres:x:0:0::/:/bin/sh', nobody], 65_534],
  ['root alone will not do', [root, ''], undefined],
] as const) {
  test(says, () => equal(chooseAccount(passwd.join('\n'), '', '/data')?.uid, expected))
}

test('the group belongs to the folder, is stable, and is nobody else’s', () => {
  const gidFor = (group: string, folder: string) => chooseAccount(`${root}\n${nobody}`, group, folder)?.gid ?? 0
  const usual = gidFor('nogroup:x:65534:', '/data')
  ok(usual >= 60_706 && usual <= 61_183)
  equal(gidFor('nogroup:x:65534:', '/data'), usual)
  notEqual(gidFor(`taken:x:${usual}:`, '/data'), usual)
  deepEqual(new Set(['/a', '/b', '/c', '/d'].map((folder) => gidFor('', folder))).size > 1, true)
})
