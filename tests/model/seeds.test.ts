import assert from 'node:assert/strict'
import { test } from 'node:test'
import { playScript } from './run.ts'
import { kept } from './seeds.ts'

for (const { says, script } of kept) test(says, () => assert.equal(playScript(script).failure, undefined))
