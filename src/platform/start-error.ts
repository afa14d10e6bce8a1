/** Why the service cannot start, in words for whoever starts it: they need no stack. */
export class StartError extends Error {}
