export * from "./dataset-command.ts";
export * from "./dataset-name.ts";
export * from "./file-url.ts";
export * from "./glob.ts";
export * from "./json-fields.ts";
export * from "./dataset-errors.ts";
export * from "./name-dataset-in.ts";
export * from "./wire-words.ts";
