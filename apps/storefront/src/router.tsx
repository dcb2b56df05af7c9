import { createRouter } from '@tanstack/react-router'
import { CrashPage } from './app-shell/crash-page.tsx'
import { NotFoundPage } from './parts/not-found-page.tsx'
import { routeTree } from './route-tree.gen.ts'

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingMinMs: 300,
  scrollRestoration: true,
  defaultViewTransition: true,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: CrashPage,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
