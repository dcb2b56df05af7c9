import { I18nProvider } from '@lingui/react'
import { adoptNonce } from '@souk/ui'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './app.css'
import { ensureSession } from './api.ts'
import { i18n, startLocale } from './i18n.ts'
import { queryClient } from './query-client.ts'
import { router } from './router.tsx'

adoptNonce(document)

// A new version replaced the files of this one: load the page again, once.
window.addEventListener('vite:preloadError', (event) => {
  if (sessionStorage.getItem('souk.reloaded') === location.href) return
  event.preventDefault()
  sessionStorage.setItem('souk.reloaded', location.href)
  location.reload()
})

const root = document.getElementById('root')
if (!root) throw new Error('the page has no #root')

// Without a connection the session stays unknown until there is one again.
const restore = () => void ensureSession().catch(() => undefined)
restore()
window.addEventListener('online', restore)
// Not at the top level: pages that are loaded meanwhile import this module's neighbours and would wait for it for ever.
const start = async (): Promise<void> => {
  // The page's code and facts come while the words do.
  void router.load()
  await startLocale()
  createRoot(root).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nProvider>
    </StrictMode>,
  )
}

void start()
