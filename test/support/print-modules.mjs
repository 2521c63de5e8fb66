import { registerHooks } from "node:module";

/*
 * Imported before a program (`node --import`), it prints a line with each file that Node loads as a module, to standard
 * error at the end.
 */
const urls = [];
registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:")) urls.push(url);
    return next(url, context);
  },
});
process.on("exit", () => process.stderr.write(urls.map((url) => `${url}\n`).join("")));
