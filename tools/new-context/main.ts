import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createContext, Refusal } from './new-context.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { root: { type: 'string', default: resolve(import.meta.dirname, '../..') } },
})

const next = (name: string) => `
Next:
  npm install        links @souk/${name}
  npm run gen        writes its contract, documents and place in the call graph
  npm run fix        sorts what the name put out of order
  npm run check
  node --test contexts/${name}/test/*.test.ts
Then say in proto/souk/${name}/v1/service.proto and contexts/${name}/README.md what it really is.
`

try {
  const [name, ...more] = positionals
  if (more.length > 0) throw new Refusal('one name at a time')
  for (const path of await createContext(values.root, name)) process.stdout.write(`${path}\n`)
  process.stdout.write(next(name!))
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
