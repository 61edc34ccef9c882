import { mergeConfig } from "vitest/config"
import own from "./vitest.config.ts"
export default mergeConfig(own, { resolve: { alias: [{ find: /^@oto-fulfilment\/core$/, replacement: "/tmp/probe/coreRoot.ts" }] } })
