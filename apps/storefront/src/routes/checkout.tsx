import { createFileRoute } from '@tanstack/react-router'
import { CheckoutScreen } from '../features/checkout/screen.tsx'
import { parseWanted } from '../features/checkout/wanted.ts'

export const Route = createFileRoute('/checkout')({
  validateSearch: parseWanted,
  component: () => <CheckoutScreen wanted={Route.useSearch()} />,
})
