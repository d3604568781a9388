/**
 * Whether a line in JSON matches a CloudWatch filter pattern of the form `{ $.event = "order-sent" && $.latencyMs = * }`:
 * comparisons with texts, numbers or anything, joined by `&&` and `||`, of which `&&` binds more tightly.
 *
 * @throws Error for a pattern of another form.
 */
export function matchesPattern(pattern: string, line: Record<string, unknown>): boolean {
    const inside = /^\{(.*)\}$/s.exec(pattern.trim())?.[1];
    if (inside === undefined) {
        throw new Error(`not a JSON pattern: ${pattern}`);
    }
    return inside.split("||").some((choice) => choice.split("&&").every((term) => matchesTerm(term.trim(), line)));
}

function matchesTerm(term: string, line: Record<string, unknown>): boolean {
    const [, path, operator, literal] =
        /^\(?\s*\$\.([\w.]+)\s*(=|!=|>=|<=|>|<)\s*("[^"]*"|\*|-?[\d.]+)\s*\)?$/.exec(term) ?? [];
    if (path === undefined || operator === undefined || literal === undefined) {
        throw new Error(`unknown term: ${term}`);
    }
    const value = path.split(".").reduce<unknown>((holder, key) => (holder as Record<string, unknown>)?.[key], line);
    if (literal === "*") {
        return operator === "=" && value !== undefined;
    }
    const wanted = literal.startsWith('"') ? literal.slice(1, -1) : Number(literal);
    switch (operator) {
        case "=":
            return value === wanted;
        case "!=":
            return value !== undefined && value !== wanted;
        case ">":
            return Number(value) > Number(wanted);
        case "<":
            return Number(value) < Number(wanted);
        case ">=":
            return Number(value) >= Number(wanted);
        default:
            return Number(value) <= Number(wanted);
    }
}
