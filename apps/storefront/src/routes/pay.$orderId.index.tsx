import { createFileRoute } from '@tanstack/react-router'
import { CashierScreen } from '../features/cashier/screen.tsx'

export const Route = createFileRoute('/pay/$orderId/')({
  component: () => <CashierScreen orderId={Route.useParams().orderId} />,
})
