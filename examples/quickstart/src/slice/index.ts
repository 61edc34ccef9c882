export { readSlice } from "./readSlice.ts"
export { type Delivery, toDeliveries } from "./toDeliveries.ts"
export { toOrders } from "./toOrders.ts"
