import assert from "node:assert/strict";
import { customerKey } from "../../policy-pack/core/customer-key";
import { is, type Rule } from "../../policy-pack/core/rule";
import { propertyRule } from "../../policy-pack/core/property-rule";
import { analyze, type Subject, unknown } from "./support/pack";

const about = { severity: "medium", category: "encryption-at-rest", controls: [] } as const;

const keyRule = propertyRule({
    ...about,
    name: "sqs-queue-require-key",
    description: "A queue has a key.",
    remediation: "Give it a key.",
    types: ["aws:sqs/queue:Queue"],
    path: ["kmsMasterKeyId"],
    ...customerKey,
    message: "kmsMasterKeyId must be ours",
});

/** A rule about the stack that cannot tell while a name is unknown. */
const nameRule: Rule = {
    ...about,
    kind: "stack",
    name: "sqs-queue-require-name",
    description: "A queue is called orders.",
    remediation: "Call it orders.",
    check: (stack, check) =>
        stack
            .ofType("aws:sqs/queue:Queue")
            .forEach((queue) => check.must(queue, queue.props.at("name"), is("orders"), "name must be orders")),
};

const key: Subject = { type: "aws:kms/key:Key", name: "key", props: {} };
const bucket: Subject = { type: "aws:s3/bucket:Bucket", name: "bucket", props: {} };
const queue = (props: Subject["props"], refersTo: Subject["refersTo"] = {}): Subject => ({
    type: "aws:sqs/queue:Queue",
    name: "queue",
    props: { name: "orders", ...props },
    refersTo,
});

describe("values that are unknown at preview", () => {
    it("are judged by the resources that they are made of", async () => {
        const subjects = [key, queue({ kmsMasterKeyId: unknown }, { kmsMasterKeyId: "key" })];
        assert.deepEqual(await analyze([keyRule, nameRule], subjects, true), []);
    });

    it("are told in the name of the rule, as a violation in strict mode and as advice otherwise", async () => {
        const subjects = [key, bucket, queue({ kmsMasterKeyId: unknown }, { kmsMasterKeyId: "bucket" })];
        const told = {
            policy: "sqs-queue-require-key",
            resource: "queue",
            message: "A queue has a key.\nkmsMasterKeyId is not known yet [undetermined at kmsMasterKeyId]",
        };
        assert.deepEqual(await analyze([keyRule, nameRule], subjects, true), [{ ...told, level: "mandatory" }]);
        assert.deepEqual(await analyze([keyRule, nameRule], subjects), [{ ...told, level: "advisory" }]);
    });

    it("are left out where the program left them to AWS", async () => {
        const left: Subject = { ...queue({}), props: {}, computed: { name: unknown, tags: { a: unknown } } };
        assert.deepEqual(
            (await analyze(nameRule, left, true)).map(({ message }) => message),
            ["A queue is called orders.\nname must be orders [at name]"],
        );
    });

    it("are told for rules about the stack as well, and do not hide what is wrong", async () => {
        const subjects = [queue({ name: unknown, kmsMasterKeyId: "alias/aws/sqs" })];
        assert.deepEqual(
            (await analyze([keyRule, nameRule], subjects, true)).map(({ policy, message }) => [policy, message]),
            [
                ["sqs-queue-require-key", "A queue has a key.\nkmsMasterKeyId must be ours [at kmsMasterKeyId]"],
                ["sqs-queue-require-name", "A queue is called orders.\nname is not known yet [undetermined at name]"],
            ],
        );
    });
});
