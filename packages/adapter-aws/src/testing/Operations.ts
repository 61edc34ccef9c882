import type { EmulatedService } from "./answerRequest.ts"
import type { Wire } from "./serviceModel.ts"

/** An operation, held by its types to the SDK's own: its request and answer as they stand in JSON. */
export type Operation<Request, Answer> = (
  request: Wire<Request>,
  region: string,
) => Wire<Omit<Answer, "$metadata">>

/** Operations by name, as a server dispatches to them once the model has judged the request. */
export interface Operations {
  readonly [name: string]: (request: never, region: string) => unknown
}

/** A service of these operations. */
export const operationsService = (
  names: Pick<EmulatedService, "target" | "name" | "sdk">,
  operations: Operations,
): EmulatedService => ({
  ...names,
  has: (operation) => Object.hasOwn(operations, operation),
  handle: (operation, input, region) => operations[operation]?.(input as never, region),
})
