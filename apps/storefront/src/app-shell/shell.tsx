import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useSyncExternalStore } from 'react'
import { isDrawerOpen, subscribeDrawer } from '../parts/drawer-state.ts'
import { useText } from '../parts/use-text.ts'
import { useAsking } from '../session/use-session.ts'
import { Announcements } from './announcements.tsx'
import { BottomBar } from './bottom-bar.tsx'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'
import { useKeys } from './keys.ts'
import { OfflineBanner } from './offline.tsx'
import { useArrival } from './use-arrival.ts'

const BagDrawer = lazy(() => import('../features/bag/drawer.tsx'))
const SignInSheet = lazy(() => import('../features/auth/sign-in-sheet.tsx'))

export const Shell = () => {
  const { t } = useText()
  const asking = useAsking()
  const drawer = useSyncExternalStore(subscribeDrawer, isDrawerOpen)
  useKeys()
  useArrival()
  return (
    <>
      <a
        href="#main"
        className="fixed top-2 left-4 z-60 -translate-y-20 rounded-full bg-ink px-5 py-3 font-semibold text-on-ink focus:translate-y-0"
      >
        {t('nav.skip')}
      </a>
      <OfflineBanner />
      <Header />
      <main id="main" tabIndex={-1} className="min-h-[calc(100svh-4.25rem)] outline-none">
        <Outlet />
      </main>
      <Footer />
      <BottomBar />
      <Announcements />
      <Suspense>
        {drawer && <BagDrawer />}
        {asking && <SignInSheet />}
      </Suspense>
    </>
  )
}
