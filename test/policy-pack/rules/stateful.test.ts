import assert from "node:assert/strict";
import { type ResourceRule } from "../../../policy-pack/core/rule";
import { statefulRules } from "../../../policy-pack/rules/stateful";
import { ruleOf, withParameters } from "../support/mutations";
import { analyze, type Case, describeRule, unknown } from "../support/pack";

const protection = ruleOf(statefulRules, "stateful-resource-require-protection") as ResourceRule;
const ignoring = ruleOf(statefulRules, "resource-options-disallow-ignoring-security");
const bucket = "aws:s3/bucket:Bucket";
const cluster = "aws:msk/cluster:Cluster";

describe("Rules of resources that hold data", () => {
    describeRule(protection, [
        ...protection.types.flatMap((type): Case[] => [
            { title: `passes ${type} with protect`, subjects: { type, props: {}, options: { protect: true } } },
            { title: `refuses ${type} without`, subjects: { type, props: {} }, fails: ["option protect"] },
        ]),
        {
            title: "refuses a bucket that is emptied",
            subjects: { type: bucket, props: { forceDestroy: true }, options: { protect: true } },
            fails: ["forceDestroy must be false"],
        },
        {
            title: "refuses a database that goes without a last snapshot",
            subjects: {
                type: "aws:rds/instance:Instance",
                props: { skipFinalSnapshot: true },
                options: { protect: true },
            },
            fails: ["skipFinalSnapshot must be false"],
        },
        {
            title: "waits for forceDestroy",
            subjects: { type: bucket, props: { forceDestroy: unknown }, options: { protect: true } },
            undetermined: "forceDestroy",
        },
    ]);

    it("lets disposable stacks be, if they are said to be", async () => {
        const told = await analyze(withParameters(protection, { required: false }), {
            type: bucket,
            props: { forceDestroy: true },
        });
        assert.deepEqual(told, []);
    });

    // Options are always known, so there is no third case.
    describe(ignoring.name, () => {
        const told = async (type: string, ...ignoreChanges: string[]): Promise<string[]> =>
            (await analyze(ignoring, { type, props: {}, options: { ignoreChanges } })).map(({ message }) => message);

        for (const harmless of ["tags", "desiredCount", "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"]) {
            it(`passes ${harmless}`, async () => {
                assert.deepEqual(await told(cluster, harmless), []);
            });
        }
        for (const ignored of [
            "*",
            "policy",
            "ingress[0].cidrBlocks",
            'encryptionInfo["encryptionInTransit"]',
            "brokerNodeGroupInfo",
            "brokerNodeGroupInfo.connectivityInfo.publicAccess",
        ]) {
            it(`refuses ${ignored}`, async () => {
                const [message = "", ...others] = await told(cluster, "tags", ignored);
                assert.match(message, /ignoreChanges must not hide /);
                assert.deepEqual(others, []);
            });
        }
    });
});
