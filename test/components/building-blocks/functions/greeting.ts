/** What the test of bundles sees come out of a function that imports another file. */
export const greeting = (name: string): string => `good morning, ${name}`;
