import { rm, writeFile } from "node:fs/promises";
import { build } from "rolldown";
import { findLicenses } from "./find-licenses.ts";

/*
 * Makes `dist/browser.min.js`, the client for pages that have no bundler of their own. The source map is a file
 * beside it, which browsers fetch when somebody looks.
 */
await build({
  input: "src/public/browser.ts",
  platform: "browser",
  output: { file: "dist/browser.min.js", format: "esm", minify: true, sourcemap: true },
});

/*
 * Makes `dist/bin`, the command line in a few files: Node takes half a second to load the thousand modules that it
 * consists of. `dist/bin` is as deep as `dist/cli`, because the code finds other files from its own place. Some packages
 * stay outside: they find their files in the same way, or are loaded only where they are needed.
 */
await rm("dist/bin", { recursive: true, force: true });
const { output } = await build({
  input: { main: "dist/cli/main.js", worker: "dist/parquet/workers/worker.js" },
  platform: "node",
  external: ["parquet-wasm", "koffi", "pino", /^@aws-sdk\//, /^@smithy\//],
  output: {
    dir: "dist/bin",
    format: "esm",
    chunkFileNames: "[name]-[hash].js",
    // What every start needs is one file: each file takes time to find and to compile.
    codeSplitting: {
      groups: [{ name: "start", test: /\/dist\/cli\/(?:make-folders|package-version|utf8-arguments)\.js$/ }],
    },
  },
});
const moduleIds = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
await writeFile("dist/bin/LICENSES.txt", await findLicenses(moduleIds));
