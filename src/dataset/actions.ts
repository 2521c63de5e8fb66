/** The type of the action that joins the small files of a folder. Its body is JSON: see `CompactCommand`. */
export const compactActionType = "compact_folder";

/** The type of the action that deletes a dataset, as in the recipe. Its body is the dataset's name. */
export const dropActionType = "drop_dataset";
