import { createFileRoute } from '@tanstack/react-router'
import { ReturnScreen } from '../features/cashier/return-screen.tsx'

export const Route = createFileRoute('/pay/$orderId/return')({
  component: () => <ReturnScreen orderId={Route.useParams().orderId} />,
})
