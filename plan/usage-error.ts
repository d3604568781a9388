/** Something that the user can mend: shown as its message alone, exit code 2. */
export class UsageError extends Error {
    override readonly name = "UsageError";
}
