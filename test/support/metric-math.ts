/** Values of metrics and expressions at one time, by id; undefined where there is no data point. */
export type Point = Record<string, number | undefined>;

type Node = (point: Point, seconds: number) => number | undefined;

/**
 * The value of an expression of CloudWatch's metric math at one time: the part of the language that alarms here use. A
 * data point that is missing makes the result missing, except where FILL or IF say otherwise.
 *
 * @param seconds Time of the data point, since 1970.
 * @throws Error for what is not known here.
 */
export function evaluate(expression: string, point: Point, seconds: number): number | undefined {
    const node = parsed.get(expression) ?? new Parser(expression).parse();
    parsed.set(expression, node);
    return node(point, seconds);
}

const parsed = new Map<string, Node>();

/** The result of an alarm's metric queries at one time, given the values of its metrics. */
export function evaluateQueries(
    queries: { expression: string; steps?: Record<string, string> },
    metrics: Point,
    seconds: number,
): number | undefined {
    const point = { ...metrics };
    for (const [id, step] of Object.entries(queries.steps ?? {})) {
        point[id] = evaluate(step, point, seconds);
    }
    return evaluate(queries.expression, point, seconds);
}

type Operator = (a: number, b: number) => number;

// From the loosest to the tightest.
const operators: Record<string, Operator>[] = [
    { OR: (a, b) => Number(a !== 0 || b !== 0) },
    { AND: (a, b) => Number(a !== 0 && b !== 0) },
    { "==": (a, b) => Number(a === b), "!=": (a, b) => Number(a !== b) },
    {
        "<=": (a, b) => Number(a <= b),
        ">=": (a, b) => Number(a >= b),
        "<": (a, b) => Number(a < b),
        ">": (a, b) => Number(a > b),
    },
    { "+": (a, b) => a + b, "-": (a, b) => a - b },
    { "*": (a, b) => a * b, "/": (a, b) => a / b },
];

const functions: Record<string, (args: Node[]) => Node> = {
    EPOCH:
        ([series]) =>
        (point, seconds) =>
            series!(point, seconds) === undefined ? undefined : seconds,
    FLOOR:
        ([value]) =>
        (point, seconds) => {
            const is = value!(point, seconds);
            return is === undefined ? undefined : Math.floor(is);
        },
    FILL:
        ([series, other]) =>
        (point, seconds) =>
            series!(point, seconds) ?? other!(point, seconds),
    IF:
        ([condition, yes, no]) =>
        (point, seconds) => {
            const is = condition!(point, seconds);
            return is === undefined ? undefined : (is !== 0 ? yes! : no!)(point, seconds);
        },
};

class Parser {
    private readonly tokens: string[];
    private next = 0;

    constructor(private readonly text: string) {
        this.tokens = text.match(/[A-Za-z_]\w*|\d+(\.\d+)?|[<>=!]=|[-+*/<>(),]/g) ?? [];
        if (this.tokens.join("") !== text.replace(/\s/g, "")) {
            throw new Error(`metric math: cannot read ${text}`);
        }
    }

    parse(): Node {
        const node = this.binary(0);
        if (this.next < this.tokens.length) {
            throw new Error(`metric math: "${this.tokens[this.next]}" is out of place in ${this.text}`);
        }
        return node;
    }

    private binary(level: number): Node {
        const known = operators[level];
        if (!known) {
            return this.operand();
        }
        let left = this.binary(level + 1);
        for (;;) {
            const operator = known[this.tokens[this.next] ?? ""];
            if (!operator) {
                return left;
            }
            this.next++;
            const [a, b] = [left, this.binary(level + 1)];
            left = (point, seconds) => {
                const [x, y] = [a(point, seconds), b(point, seconds)];
                return x === undefined || y === undefined ? undefined : operator(x, y);
            };
        }
    }

    private operand(): Node {
        const token = this.tokens[this.next++];
        if (token === "(") {
            const inside = this.binary(0);
            this.expect(")");
            return inside;
        }
        if (token !== undefined && /^\d/.test(token)) {
            return () => Number(token);
        }
        if (token === undefined || !/^[A-Za-z]/.test(token)) {
            throw new Error(`metric math: "${token}" is out of place in ${this.text}`);
        }
        if (this.tokens[this.next] !== "(") {
            return (point) => {
                if (!(token in point)) {
                    throw new Error(`metric math: ${this.text} names "${token}", which is neither a metric nor a step`);
                }
                return point[token];
            };
        }
        const fn = functions[token];
        if (!fn) {
            throw new Error(`metric math: the function ${token} is not known here`);
        }
        const args: Node[] = [];
        do {
            this.next++;
            args.push(this.binary(0));
        } while (this.tokens[this.next] === ",");
        this.expect(")");
        return fn(args);
    }

    private expect(token: string): void {
        if (this.tokens[this.next++] !== token) {
            throw new Error(`metric math: "${token}" is missing in ${this.text}`);
        }
    }
}
