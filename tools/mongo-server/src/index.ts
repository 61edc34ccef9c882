export { cacheFolder } from "./cacheFolder.ts"
export { installPythonServer, PYTHON_SERVER } from "./pythonServer.ts"
export { RUST_SERVER } from "./rustServer.ts"
export { type RunningServer, type ServerOptions, startServer } from "./startServer.ts"
