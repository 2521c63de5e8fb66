/** The type of the action that deletes a dataset, as in the recipe. Its body is the dataset's name. */
export const dropActionType = "drop_dataset";
