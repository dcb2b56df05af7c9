import { createFileRoute } from '@tanstack/react-router'
import { BagScreen } from '../features/bag/screen.tsx'

export const Route = createFileRoute('/bag')({ component: BagScreen })
