/*
 * The names of `dist/browser.min.js`, for pages without a bundler: the client and all of apache-arrow. They are in one
 * file, so the client's tables belong to the copy of apache-arrow that the page uses.
 */
export * from "./client.ts";
export * from "apache-arrow";
