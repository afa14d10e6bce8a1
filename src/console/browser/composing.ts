/** Whether the key belongs to the composition of Japanese. Safari reports the Enter that ends a composition by its code alone. */
export const isComposing = (event: KeyboardEvent): boolean =>
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- no other property tells this Enter apart
  event.isComposing || event.keyCode === 229;
