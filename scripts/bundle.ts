import { rm, writeFile } from "node:fs/promises";
import { build, type BuildOptions, type OutputChunk, type RolldownOutput } from "rolldown";
import { asciiOnly } from "./ascii-only.ts";
import { findChunkGroups } from "./chunk-groups.ts";
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
 *
 * Each file takes time to find, to read, and to compare with the compiled code of the last start. So the program is built
 * twice: the first time, to find out which modules are loaded together. Comments are left out.
 */
await rm("dist/bin", { recursive: true, force: true });
const program = {
  input: { main: "dist/cli/main.js", worker: "dist/parquet/workers/worker.js" },
  platform: "node",
  external: ["parquet-wasm", "koffi", "pino", /^@aws-sdk\//, /^@smithy\//],
  preserveEntrySignatures: "allow-extension",
  write: false,
} satisfies BuildOptions;
const toChunks = ({ output }: RolldownOutput): OutputChunk[] => output.filter((file) => file.type === "chunk");
const groups = findChunkGroups(toChunks(await build(program)));
const { output } = await build({
  ...program,
  write: true,
  plugins: [asciiOnly],
  output: {
    dir: "dist/bin",
    format: "esm",
    chunkFileNames: "[name]-[hash].js",
    comments: { annotation: false, jsdoc: false },
    codeSplitting: { groups },
  },
});
const moduleIds = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
await writeFile("dist/bin/LICENSES.txt", await findLicenses(moduleIds));
