import { createFileRoute } from '@tanstack/react-router'
import { productQuery } from '../data/catalog.ts'
import { ProductScreen } from '../features/product/screen.tsx'
import { ProductSkeleton } from '../features/product/skeleton.tsx'
import { currentLocale } from '../i18n.ts'
import { queryClient } from '../query-client.ts'

export const Route = createFileRoute('/p/$slug')({
  validateSearch: ({ sku }: Record<string, unknown>): { sku?: string } => (typeof sku === 'string' ? { sku } : {}),
  loader: ({ params }) => queryClient.ensureQueryData(productQuery(params.slug, currentLocale())),
  pendingComponent: ProductSkeleton,
  component: () => <ProductScreen slug={Route.useParams().slug} code={Route.useSearch().sku} />,
})
