import { createFileRoute } from '@tanstack/react-router'
import { OrdersScreen } from '../features/orders/list-screen.tsx'
import { parseTab } from '../features/orders/tabs.ts'

export const Route = createFileRoute('/orders/')({
  validateSearch: parseTab,
  component: () => <OrdersScreen tab={Route.useSearch().tab} />,
})
