import assert from "node:assert/strict";
import { assertWell, deploy, each, resourceOf } from "../support/changes";
import { describeEngine } from "../support/engine";
import { noFaults } from "../support/faults";
import { Lab } from "../support/lab";

const invocation = "aws:lambda/invocation:Invocation";
/** Other invocations try images. */
const isUser = (urn: string): boolean => urn.includes("::data-postgres-users-");
const calls = each("lambda.Invocation::data-postgres-users-", "cognitive", "oms");

describeEngine("database users on the engine", function () {
    this.timeout(600_000);
    let lab: Lab;
    const made = (): string[] => lab.account.resources.map(resourceOf);
    /** Users that the function was called for, in order. */
    const called = (): number =>
        lab.account.log.filter(({ type, kind, urn }) => type === invocation && kind === "create" && isUser(urn)).length;

    before(async () => {
        lab = await Lab.open("dev", { checkpoints: false });
    });
    after(() => lab.close());

    it("are nobody's concern before a service asks for one", async () => {
        assertWell(await lab.up());
        assert.ok(!made().includes("lambda.Function::data-postgres-users"));
        assert.equal(called(), 0);
        await lab.pushImages();
    });

    it("fail a deployment if they can't be made, before the service that needs them is there", async () => {
        const message = '{"errorType":"Error","errorMessage":"TCP: no connection to the database (attempt 25)"}';
        lab.account.fault = ({ type, urn }) =>
            type === invocation && urn.endsWith("-oms")
                ? { code: "FunctionError", message, effective: false }
                : undefined;
        const { ok, output } = await lab.up({ continueOnError: true });
        noFaults(lab.account);
        assert.equal(ok, false);
        assert.ok(output.includes("TCP: no connection to the database"), output);
        assert.ok(made().includes("lambda.Function::cold-path-cognitive-agent"));
        assert.ok(!made().includes("ecs.Service::hot-path-oms"));
        assert.equal(called(), 1);
    });

    it("are made by the next one, each before its service", async () => {
        assertWell(await lab.up());
        assert.equal(called(), 2);
        const log = lab.account.log.map(resourceOf);
        for (const [user, service] of [
            ["cognitive", "lambda.Function::cold-path-cognitive-agent"],
            ["oms", "ecs.Service::hot-path-oms"],
        ] as const) {
            const position = log.indexOf(`lambda.Invocation::data-postgres-users-${user}`);
            assert.ok(position > log.indexOf("rds.Instance::data-postgres"), user);
            assert.ok(position < log.indexOf(service), service);
        }
        assert.deepEqual(
            lab.account
                .ofType(invocation)
                .filter(({ urn }) => isUser(urn))
                .map(({ inputs }) => JSON.parse(inputs.input))
                .sort((one, other) => (one.user < other.user ? -1 : 1)),
            [
                { user: "aipx_dev_cognitive", schema: "cognitive", connectionLimit: 33 },
                { user: "aipx_dev_oms", schema: "oms", connectionLimit: 33 },
            ],
        );
    });

    it("are left alone when nothing has changed", async () => {
        assert.deepEqual(await deploy(lab), {});
        assert.equal(called(), 2);
    });

    it("are made again when what is asked for changes, and no service is touched for it", async () => {
        lab.configure((config) => (config["aipx:postgres"].instanceClass = "db.t4g.small"));
        const does = await deploy(lab);
        assert.deepEqual(does.replace, calls);
        assert.ok(!does.update!.some((resource) => /ecs|lambda/.test(resource)), String(does.update));
        assert.equal(called(), 4);
        assert.deepEqual(await deploy(lab, { refresh: true }), {});
    });

    it("stay in the database when their service goes", async () => {
        lab.configure((config) => delete config["aipx:images"].oms);
        const does = await deploy(lab);
        assert.ok(does.delete!.includes("lambda.Invocation::data-postgres-users-oms"));
        assert.equal(called(), 4);
    });

    it("do not keep the stack from being destroyed", async () => {
        assertWell(await lab.destroy());
        assert.equal(called(), 4);
    });
});
