import { createFileRoute } from '@tanstack/react-router'
import { categoriesQuery, newestQuery } from '../data/catalog.ts'
import { HomeScreen } from '../features/home/screen.tsx'
import { currentLocale } from '../i18n.ts'
import { queryClient } from '../query-client.ts'

export const Route = createFileRoute('/')({
  loader: () => {
    // Asked for early; the screen shows what arrives and what does not.
    void queryClient.prefetchQuery(categoriesQuery(currentLocale()))
    void queryClient.prefetchQuery(newestQuery(currentLocale()))
  },
  component: HomeScreen,
})
