import assert from "node:assert/strict";
import { preflight } from "../../../plan/preflight";
import { resource } from "./resource";

/** Where preflight finds broken values in inputs, and which part of them. */
function broken(inputs: Record<string, unknown>): string[] {
    return preflight({ resources: [resource("aws:test/thing:Thing", inputs)] }).map(({ policy, message }) => {
        assert.equal(policy, "preflight-broken-value");
        return /^(.*): an Output was used as text, or a value is missing /
            .exec(message)![1]!
            .replace(" contains ", " ");
    });
}

const script = `#!/bin/bash
set -eu
# An undefined region ends here: NaN and undefined are words of JavaScript.
if [ "$REGION" = "undefined" ] || [ "$REGION" = undefined ]; then echo "the region is undefined"; fi
node -e 'const a = x === undefined ? NaN : y; console.log(String(a) === "[object Object]")'
`;
const warning = `Calling [toString] on an [Output<T>] is not supported.

To get the value of an Output<T> as an Output<string> consider either:`;

describe("preflight-broken-value", () => {
    const found: [what: string, inputs: Record<string, unknown>, ...found: string[]][] = [
        ["a whole value", { tags: { owner: "undefined" } }, 'tags.owner "undefined"'],
        ["one of a list", { subnets: ["subnet-1", "undefined"] }, 'subnets.1 "undefined"'],
        ["the name of a value", { tags: { undefined: "x" } }, 'tags.undefined "undefined"'],
        ["a part of an ARN", { role: "arn:aws:iam::undefined:role/oms" }, 'role "undefined"'],
        ["a part of a URL", { url: "https://sqs.undefined.amazonaws.com/1/q" }, 'url "undefined"'],
        ["a part of a name", { name: "aipx-undefined-oms" }, 'name "undefined"'],
        ["a part of a name with underscores", { name: "aipx_undefined_oms" }, 'name "undefined"'],
        ["an image", { image: "undefined/aipx/oms@sha256:0" }, 'image "undefined"'],
        ["a failed sum", { cidrBlock: "10.0.NaN.0/24" }, 'cidrBlock "NaN"'],
        ["a failed sum that stayed a number", { memory: NaN, cpu: 1 / 0 }, 'memory "NaN"', 'cpu "Infinity"'],
        ["an object", { name: "[object Object]" }, 'name "[object Object]"'],
        ["an object in prose", { description: "Role of [object Object]" }, 'description "[object Object]"'],
        ["an Output", { name: warning }, 'name "Calling [toString]"'],
        ["an Output in user data", { userData: `${script}\nexport HOST=${warning}` }, 'userData "Calling [toString]"'],
        [
            "an ARN in code",
            { userData: `${script}\naws sts assume-role --role-arn arn:aws:iam::undefined:role/x` },
            'userData "undefined"',
        ],
        ["a URL in code", { userData: `${script}\ncurl "https://undefined/ready"` }, 'userData "undefined"'],
        [
            "a host of AWS in code",
            { userData: `${script}\ndocker pull undefined.dkr.ecr.ap-northeast-2.amazonaws.com/oms` },
            'userData "undefined"',
        ],
        ["a bucket in prose", { description: "Objects of s3://aipx-undefined/raw" }, 'description "undefined"'],
        [
            "a word of an expression",
            { scheduleExpression: "cron(0 undefined ? * MON-FRI *)" },
            'scheduleExpression "undefined"',
        ],
        ["a name in an expression", { alarmRule: 'ALARM("a") OR ALARM("undefined-down")' }, 'alarmRule "undefined"'],
        [
            "values inside JSON",
            { containerDefinitions: JSON.stringify([{ environment: [{ name: "HOST", value: "undefined" }] }]) },
            'containerDefinitions.0.environment.0.value "undefined"',
        ],
        [
            "an ARN inside JSON",
            { policy: '{"Resource": ["arn:aws:s3:::undefined/*"]}' },
            'policy.Resource.0 "undefined"',
        ],
        [
            "JSON that a template left incomplete",
            { policy: '{"a": undefined, "b": [NaN]}' },
            'policy.a "undefined"',
            'policy.b.0 "NaN"',
        ],
        [
            "a line of a file of properties",
            { serverProperties: "# Defaults\nmin.insync.replicas=undefined\nnum.partitions = NaN\n" },
            'serverProperties.min.insync.replicas "undefined"',
            'serverProperties.num.partitions "NaN"',
        ],
    ];
    for (const [what, inputs, ...parts] of found) {
        it(`finds ${what}`, () => assert.deepEqual(broken(inputs), parts));
    }

    const right: [what: string, inputs: Record<string, unknown>][] = [
        ["a sentence", { description: "Orders whose state is undefined, or whose price is NaN." }],
        [
            "a sentence inside JSON",
            { dashboardBody: JSON.stringify({ widgets: [{ markdown: "# undefined behaviour" }] }) },
        ],
        ["user data", { userData: script }],
        ["code", { code: "export const f = (x) => (x === undefined ? NaN : `${x}`);" }],
        ["code without spaces", { code: 'f=x=>typeof(x)==="undefined"||x===undefined?NaN:x' }],
        ["code that begins like JSON", { code: "{ let x = undefined; }" }],
        ["code that asks for an object", { code: "if (toString.call(x) === '[object Object]') {\n}" }],
        ["code inside a variable", { environment: { variables: { HOOK: "return value ?? undefined" } } }],
        ["a filter", { filterPattern: '{ $.level = "undefined" }' }],
        ["longer words", { name: "undefinedly", path: "/aws/NaNo", tag: "notundefined" }],
        ["a link in prose", { description: "See https://example.com/why and arn:aws:s3:::raw: undefined there" }],
        ["numbers", { cpu: 256, weight: 0.5 }],
    ];
    for (const [what, inputs] of right) {
        it(`leaves ${what} alone`, () => assert.deepEqual(broken(inputs), []));
    }
});
