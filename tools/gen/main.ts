import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { breakingChanges } from './breaking.ts'
import { build, hasBaseline, lint, updateBaseline, withFolder } from './buf.ts'
import { differences, write } from './compare.ts'
import { generate } from './generate.ts'
import { ContractError } from './model.ts'

const usage = `node tools/gen/main.ts [--check] [--update-baseline] [--root DIR]
  (nothing)          write everything that is generated from proto/; say what lint finds
  --check            write nothing: refuse what lint finds, breaking changes and generated files that differ
  --update-baseline  also accept the contract as it is as the one that later changes must not break`

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    'update-baseline': { type: 'boolean', default: false },
    root: { type: 'string', default: resolve(import.meta.dirname, '../..') },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(usage)
else process.exitCode = await run(resolve(values.root))

/** The exit code. */
async function run(root: string): Promise<number> {
  try {
    const complaints = await withFolder((folder) => (values.check ? check(root, folder) : make(root, folder)))
    for (const complaint of complaints) console.error(complaint)
    return values.check && complaints.length > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof ContractError)) throw error
    console.error(error.message)
    return 1
  }
}

async function make(root: string, folder: string): Promise<string[]> {
  const image = await build(root, folder)
  await write(root, await generate(root, image, folder))
  if (values['update-baseline'] || !(await hasBaseline(root))) await updateBaseline(root)
  return await lint(root)
}

async function check(root: string, folder: string): Promise<string[]> {
  const image = await build(root, folder)
  const files = await generate(root, image, folder)
  const breaking = await breakingChanges(root, image)
  const different = await differences(root, files)
  if (different.length > 0) different.push('Run `npm run gen`; generated files are never edited by hand.')
  return [...(await lint(root)), ...breaking, ...different]
}
