import { createFileRoute } from '@tanstack/react-router'
import { categoriesQuery } from '../data/catalog.ts'
import { CategoriesScreen } from '../features/browse/categories-screen.tsx'
import { currentLocale } from '../i18n.ts'
import { queryClient } from '../query-client.ts'

export const Route = createFileRoute('/categories')({
  loader: () => queryClient.ensureQueryData(categoriesQuery(currentLocale())),
  component: CategoriesScreen,
})
