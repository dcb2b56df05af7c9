import { readFile, writeFile } from 'node:fs/promises'
import { contexts } from '@souk/server'
import { callGraph, graphPage } from './graph.ts'

const page = new URL('../../docs/call-graph.md', import.meta.url)

const graph = callGraph(contexts)
const text = graphPage(contexts, graph)
for (const problem of graph.problems) process.stdout.write(`${problem}\n`)
if (graph.problems.length > 0) process.exitCode = 1
else if (!process.argv.includes('--check')) await writeFile(page, text)
else if ((await readFile(page, 'utf8').catch(() => '')) !== text) {
  process.stdout.write('docs/call-graph.md is not what the contexts declare: npm run gen\n')
  process.exitCode = 1
}
