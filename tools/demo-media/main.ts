/**
 * Makes the committed pictures of the demo catalog, once per change of `apps/server/demo/catalog.csv`:
 * `node tools/demo-media/main.ts --package <extracted @lobehub/fluent-emoji-3d> [--out <folder>]`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseDemoCatalog } from '../../apps/server/src/demo/parse-catalog.ts'
import { departments } from './departments.ts'
import { illustrations } from './illustrations.ts'
import { planMedia } from './plan-media.ts'
import { writeMedia } from './write-media.ts'

const demoFolder = join(import.meta.dirname, '../../apps/server/demo')

const { values } = parseArgs({ options: { package: { type: 'string' }, out: { type: 'string', default: demoFolder } } })
if (!values.package) {
  console.error('usage: node tools/demo-media/main.ts --package <extracted @lobehub/fluent-emoji-3d> [--out <folder>]')
  process.exit(2)
}

const products = parseDemoCatalog(await readFile(join(demoFolder, 'catalog.csv'), 'utf8'))
const plan = planMedia(products, illustrations, departments)
const manifest = await writeMedia(plan, values.package, values.out)
console.log(`${Object.keys(manifest.files).length} pictures for ${products.length} products in ${values.out}`)
