/*
 * What `dist/browser.min.js` has, for pages without a bundler: the client, and apache-arrow whole. The two come
 * together, so that what is got are tables of the copy that the page works with.
 */
export * from "./index.ts";
export * from "apache-arrow";
