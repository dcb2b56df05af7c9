import { fileURLToPath } from 'node:url'
import { lingui } from '@lingui/vite-plugin'
import tailwindcss from '@tailwindcss/vite'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { developmentPage, hostFiles } from './build/pages.ts'

const root = fileURLToPath(new URL('.', import.meta.url))
const api = process.env.SOUK_API ?? 'http://127.0.0.1:8889'

export default defineConfig({
  root,
  plugins: [
    tanstackRouter({
      target: 'react',
      autoCodeSplitting: true,
      generatedRouteTree: './src/route-tree.gen.ts',
      routeTreeFileHeader: [],
    }),
    react(),
    tailwindcss(),
    lingui({ failOnMissing: true, failOnCompileError: true }),
    developmentPage(),
    hostFiles(root),
  ],
  resolve: { dedupe: ['react', 'react-dom'] },
  server: { proxy: { '/v1': api, '/media': api, '/sandbox': api } },
  build: {
    // These know light-dark(), oklch() and nesting, so the tokens are shipped as written.
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The content policy allows fonts from our own address only, not from data: addresses.
    assetsInlineLimit: 0,
    // All of it is smaller than the pictures of one screen.
    cssCodeSplit: false,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'vendor',
              priority: 2,
              test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|@lingui|use-sync-external-store)[\\/]/,
            },
            // What several pages share travels once, not as forty small files.
            {
              name: 'shared',
              priority: 1,
              minShareCount: 3,
              test: /(src[\\/](parts|data|session)|packages[\\/](ui|client)|lucide-react|class-variance-authority|clsx)[\\/]/,
            },
            // The routes themselves; their screens, marked by a query, stay apart.
            { name: 'routes', test: /storefront[\\/]src[\\/](routes[\\/])?[^\\/?]+\.tsx?$/ },
          ],
        },
      },
    },
  },
})
