/*
 * What `dist/browser.min.js` has, for pages without a bundler: the client, and apache-arrow whole. The two must come
 * together, as a table of another copy of apache-arrow is none to this one.
 */
export * from "./index.ts";
export * from "apache-arrow";
