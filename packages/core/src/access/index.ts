export * from "./Actor.ts"
export * from "./authorise.ts"
export * from "./policy.ts"
export * from "./Standing.ts"
