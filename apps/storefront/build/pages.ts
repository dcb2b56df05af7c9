import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

/** The page addresses behind route files: `pay.$orderId.index.tsx` → `/pay/$orderId`. */
export const pagePatterns = (files: readonly string[]): string[] =>
  files
    .filter((file) => file.endsWith('.tsx') && !file.startsWith('__'))
    .map((file) => `/${file.slice(0, -'.tsx'.length).replaceAll('.', '/')}`.replace(/\/index$/, '') || '/')
    .sort()

const packed = /\.(js|css|svg|html|json)$/
const least = 1024

const pack = async (path: string): Promise<void> => {
  const content = await readFile(path)
  if (content.length < least) return
  const [brotli, zipped] = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    promisify(gzip)(content, { level: 9 }),
  ])
  await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, zipped)])
}

/** Writes what the host needs beside the bundle: which paths are pages, and the assets already compressed. */
export const hostFiles = (root: string): Plugin => ({
  name: 'souk-host-files',
  apply: 'build',
  async generateBundle() {
    const pages = pagePatterns(await readdir(join(root, 'src/routes'))).map((pattern) => ({ pattern }))
    this.emitFile({ type: 'asset', fileName: 'shell.json', source: `${JSON.stringify({ pages }, null, 2)}\n` })
  },
  async writeBundle({ dir }) {
    const assets = join(dir ?? join(root, 'dist'), 'assets')
    const files = (await readdir(assets)).filter((file) => packed.test(file))
    await Promise.all(files.map((file) => pack(join(assets, file))))
  },
})

/** While developing there is no host that fills the page's placeholders. */
export const developmentPage = (): Plugin => ({
  name: 'souk-development-page',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace('{{lang}}', 'en').replace('{{theme}}', 'system').replace('{{nonce}}', ''),
})
