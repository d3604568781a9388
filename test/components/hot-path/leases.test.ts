import assert from "node:assert/strict";
import { find } from "../../support/record";
import { omsWith, recordHotPath } from "./fixture";

const table = "aws:dynamodb/table:Table";

describe("Leases", () => {
    it("are items of a table of ours, paid by request, with backups, and without an end", async () => {
        const { recording } = await recordHotPath();
        const { inputs, options } = find(recording, table, "hot-path-leases");
        assert.deepEqual(inputs, {
            name: "aipx-dev-leases",
            billingMode: "PAY_PER_REQUEST",
            hashKey: "leaseKey",
            attributes: [{ name: "leaseKey", type: "S" }],
            serverSideEncryption: {
                enabled: true,
                kmsKeyArn: find(recording, "aws:kms/key:Key", "encryption-dev-data").outputs.arn,
            },
            pointInTimeRecovery: { enabled: true },
            deletionProtectionEnabled: false,
            tags: { component: "hot-path" },
        });
        assert.notEqual(options.protect, true);
    });

    it("are kept unless the stack is disposable", async () => {
        const { recording } = await recordHotPath({ disposable: false, oms: omsWith({ certificate: undefined }) });
        const { inputs, options } = find(recording, table, "hot-path-leases");
        assert.equal(inputs.deletionProtectionEnabled, true);
        assert.equal(options.protect, true);
    });

    it("are under a key that lets DynamoDB use it", async () => {
        const { recording } = await recordHotPath();
        const { policy } = find(recording, "aws:kms/key:Key", "encryption-dev-data").inputs;
        const { Condition } = JSON.parse(policy as string).Statement.find(
            ({ Sid }: { Sid: string }) => Sid === "UseThroughServices",
        );
        assert.ok(Condition.StringEquals["kms:ViaService"].includes("dynamodb.ap-northeast-2.amazonaws.com"));
    });
});
