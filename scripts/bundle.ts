import { build } from "rolldown";

/*
 * Makes `dist/browser.min.js`, the client for pages that have no bundler of their own. The source map is a file
 * beside it, which browsers fetch when somebody looks.
 */
await build({
  input: "src/public/browser.ts",
  platform: "browser",
  output: { file: "dist/browser.min.js", format: "esm", minify: true, sourcemap: true },
});
