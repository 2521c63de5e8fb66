/* The names that Hangar's clients and servers use beyond Flight. Each is defined only here. */

/** The action that deletes a dataset, as in the recipe. Its body is the dataset's name. */
export const dropActionType = "drop_dataset";

/** The request header with the mode of a put: `create` or `replace`. Other servers ignore it. */
export const putModeHeader = "hangar-put-mode";

/** The request header with the number of rows of a put. A put with another number of rows fails. */
export const rowCountHeader = "hangar-row-count";

/** The request header with the upstream of a ticket, for a proxy. An endpoint names the upstream. */
export const upstreamHeader = "hangar-upstream";

/** The path below which datasets are served as files. */
export const filesPath = "/datasets/";
