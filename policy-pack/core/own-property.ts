/** What a table has for a key by itself: `constructor` is none. */
export const ownProperty = <T>(table: Record<string, T>, key: string): T | undefined =>
    Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined;
