#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

enableCompileCache()
// After the cache is on, so that everything else comes out of it.
const { run } = await import('./cli/cli.ts')
await run(process.argv)
