// Builds the faster MongoDB stand-in with cargo into the cache folder, where benches and long law runs find it.
// About four minutes on two cores; needs Rust, a C compiler and cmake. No step of the test command needs it.

import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { builtRustServer, RUST_SERVER, rustHome } from "./rustServer.ts"

const program = builtRustServer()

if (fs.existsSync(program)) {
  console.log(`${program} is there already`)
} else {
  // The crate declares a newer Rust than it needs.
  const options = ["--version", RUST_SERVER, "--ignore-rust-version", "--root", rustHome()]
  const { status, error } = spawnSync("cargo", ["install", "secantus-mdb", ...options], {
    stdio: "inherit",
  })
  if (error !== undefined) console.error("cargo is not here: install Rust from https://rustup.rs")
  process.exitCode = status ?? 1
  if (status === 0) console.log(`${program} is ready`)
}
