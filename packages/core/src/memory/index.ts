export { storeDriver } from "./storeDriver.ts"
