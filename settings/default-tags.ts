import { type Diagnostic, type SettingPath, valueText } from "./problems";
import { isMap } from "./schema-nodes";

// What AWS lets a tag be: AWS General Reference, "Tag naming limits and requirements", and the patterns that IAM, Lambda, ECS,
// Elastic Load Balancing, CloudWatch Logs and Systems Manager have for tags in their API models.

const mostCharacters = { key: 128, value: 256 } as const;
const forbidden = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;
const reserved = /^(aws:)+/i;

const required: readonly string[] = ["project", "environment", "owner", "cost-centre"];

/** Keys that resources bring themselves: of the program's components and services, and of awsx's subnets. */
export const ownTags = ["component", "service", "Name", "SubnetType"] as const;

/** 50 on a resource, of which some have three of the program's own. */
export const mostDefaultTags = 47;

/**
 * Tags that the AWS provider puts on everything. The four that cost reports and alarms sort by must be there; all must be such as
 * every service takes, since one that does not fails its resources in the middle of a deployment.
 *
 * @param defaultTags Value of `aws:defaultTags`.
 */
export function* checkDefaultTags(defaultTags: unknown, stack: string): Iterable<Diagnostic> {
    const tags = isMap(defaultTags) && isMap(defaultTags.tags) ? defaultTags.tags : {};
    const examples = { project: "aipx", environment: stack, owner: "platform-team", "cost-centre": "trading" };
    for (const [tag, example] of Object.entries(examples)) {
        const path = tagPath(tag);
        const value = tags[tag];
        const fix = [{ set: path, to: example }];
        if (typeof value !== "string" || value === "") {
            yield { path, is: valueText(path, value), must: "must be text: every resource is tagged with it", fix };
        } else if (tag === "environment" && value !== stack) {
            yield { path, is: valueText(path, value), must: `must be ${stack}, the name of the stack`, fix };
        }
    }
    yield* tooMany(tags);
    for (const [tag, value] of Object.entries(tags)) {
        const problem = keyProblem(tag, tags);
        if (problem !== undefined) {
            yield { path: tagPath(tag), ...problem };
        } else if (!(required.includes(tag) && (typeof value !== "string" || value === ""))) {
            yield* valueProblem(tag, value);
        }
    }
}

const tagPath = (tag: string): SettingPath => ["aws:defaultTags", "tags", tag];

function* tooMany(tags: Record<string, unknown>): Iterable<Diagnostic> {
    const count = Object.keys(tags).length;
    if (count > mostDefaultTags) {
        yield {
            path: ["aws:defaultTags", "tags"],
            is: `has ${count} tags`,
            must: `must have at most ${mostDefaultTags}: AWS allows 50 on a resource, and some have ${50 - mostDefaultTags} of the program's own`,
            fix: [{ edit: "take out those that no report and no policy reads" }],
        };
    }
}

function keyProblem(tag: string, tags: Record<string, unknown>): Omit<Diagnostic, "path"> | undefined {
    const remove = { remove: tagPath(tag) };
    const problem = textProblem("key", tag);
    if (problem !== undefined) {
        const { why, right } = problem;
        const renamed = right === undefined || right in tags ? [] : [{ set: tagPath(right), to: tags[tag] }];
        return {
            is: "is no key that AWS takes",
            must: `must have another key: ${why}`,
            fix: right === undefined ? [{ edit: "give it a shorter key" }] : [...renamed, remove],
        };
    }
    const same = (other: string): boolean => other.toLowerCase() === tag.toLowerCase();
    const own = ownTags.find(same);
    if (own !== undefined) {
        return { is: "is there", must: `must not be there: resources have a tag ${own} of their own`, fix: [remove] };
    }
    // Of two that differ in case, one that must be there stays, or else the first.
    const keys = required.includes(tag) ? [] : Object.keys(tags);
    const twin = keys.find((other, index) => same(other) && (required.includes(other) || index < keys.indexOf(tag)));
    return twin === undefined
        ? undefined
        : {
              is: "is there",
              must: `must not be there beside ${twin}: to IAM they are the same key, and it refuses a key that comes twice`,
              fix: [remove],
          };
}

function* valueProblem(tag: string, value: unknown): Iterable<Diagnostic> {
    const path = tagPath(tag);
    const is = valueText(path, value);
    if (typeof value !== "string") {
        const fix = typeof value === "object" ? [{ remove: path }] : [{ set: path, to: JSON.stringify(value) }];
        yield { path, is, must: "must be text, quoted if it looks like a number or a switch", fix };
        return;
    }
    const problem = textProblem("value", value);
    if (problem !== undefined) {
        const { why, right } = problem;
        const fix = right === undefined ? [{ edit: "give it a shorter value" }] : [{ set: path, to: right }];
        yield { path, is, must: `must be another value: ${why}`, fix };
    }
}

/** Why AWS takes no such key or value, and the nearest that it takes. */
function textProblem(part: "key" | "value", text: string): { why: string; right?: string } | undefined {
    const wrong = [...new Set(text.match(forbidden))].map((each) => JSON.stringify(each));
    const right = text.replace(forbidden, "-").replace(reserved, "");
    if (wrong.length > 0) {
        return {
            why: `many services take letters, digits, spaces and + - = . _ : / @ only, and not ${wrong.join(", ")}`,
            right,
        };
    }
    if (reserved.test(text)) {
        return { why: "those that begin with aws: are AWS's own", right: right === "" ? "own" : right };
    }
    const { length } = [...text];
    if (part === "key" && length === 0) {
        return { why: "a key has at least one character", right: "unnamed" };
    }
    const most = mostCharacters[part];
    return length > most
        ? { why: `AWS allows ${most} characters in a ${part}, and this one has ${length}` }
        : undefined;
}
