import assert from "node:assert/strict";
import { assertWell, planned } from "../support/changes";
import { describeEngine } from "../support/engine";
import { Lab } from "../support/lab";

describeEngine("an image that does not work", function () {
    this.timeout(600_000);
    let lab: Lab;
    const service = "aws:ecs/service:Service";
    const ofOms = () => lab.account.ofType(service).find(({ urn }) => urn.endsWith("::hot-path-oms"))!;
    /** Number of the revision that AWS runs. */
    const runs = (): number => Number(String(ofOms().inputs.taskDefinition).split(":").pop());

    before(async () => {
        lab = await Lab.open("dev", { checkpoints: false });
        // One service and what it stands on are enough, and quick.
        lab.configure((config) => (config["aipx:services"].ingestion.feeds = {}));
        assertWell(await lab.up());
        await lab.pushImages(["oms"]);
        assertWell(await lab.up());
        assert.equal(runs(), 1);
    });
    after(() => lab.close());

    it("is refused by its trial, before the service is touched", async () => {
        const image = await lab.pushImages(["oms"], "fails its self-test");
        lab.account.faulty.set(image.oms!, "fails its self-test");
        const asked = lab.account.log.length;
        const outcome = await lab.up();
        assert.equal(outcome.ok, false);
        assert.match(outcome.output, /aipx-dev-oms:2 failed its self-test: exit code 1/);
        assert.equal(runs(), 1);
        assert.deepEqual(
            lab.account.log.slice(asked).filter(({ type }) => type === service),
            [],
        );
    });

    it("is refused by its trial also while the service has no tasks, where no deployment would show it", async () => {
        lab.account.tamper(service, ofOms().id, { desiredCount: 0 });
        const outcome = await lab.up({ refresh: true });
        assert.equal(outcome.ok, false);
        assert.match(outcome.output, /failed its self-test/);
        lab.account.tamper(service, ofOms().id, { desiredCount: 1 });
        assert.equal(runs(), 1);
    });

    it("fails the update when ECS has rolled it back, and says why", async () => {
        const image = await lab.pushImages(["oms"], "never becomes healthy");
        lab.account.faulty.set(image.oms!, "never becomes healthy");
        const outcome = await lab.up();
        assert.equal(outcome.ok, false);
        assert.match(outcome.output, /failed container health checks: the deployment circuit breaker was triggered/);
        assert.equal(runs(), 1, "AWS runs the old image");
    });

    it("fails a second update as well, which asks AWS for nothing", async () => {
        const asked = lab.account.log.length;
        const outcome = await lab.up();
        assert.equal(outcome.ok, false);
        assert.match(
            outcome.output,
            /ECS service aipx-dev-oms runs .*aipx-dev-oms:1, not .*: ECS rolled the deployment back/,
        );
        assert.deepEqual(
            lab.account.log.slice(asked).filter(({ type }) => type === service),
            [],
        );
    });

    it("is deployed once more, and fails once more, after a refresh", async () => {
        const outcome = await lab.up({ refresh: true });
        assert.equal(outcome.ok, false);
        assert.match(outcome.output, /the deployment circuit breaker was triggered/);
    });

    it("gives way to one that works", async () => {
        await lab.pushImages(["oms"], "works");
        assertWell(await lab.up());
        assert.ok(runs() > 1);
        assert.deepEqual(await planned(lab, { refresh: true }), {});
    });

    it("would pass for one that works if the update did not wait", async () => {
        const { id, inputs } = ofOms();
        const before = runs();
        const image = await lab.pushImages(["oms"], "never becomes healthy either");
        lab.account.faulty.set(image.oms!, "never becomes healthy");
        const { taskDefinition, ...others } = inputs;
        const faulty = lab.account
            .ofType("aws:ecs/taskDefinition:TaskDefinition")
            .find(({ outputs }) => outputs.arn === taskDefinition)!;
        const next = lab.account.create(faulty.type, `${faulty.urn}-by-hand`, {
            ...faulty.inputs,
            containerDefinitions: String(faulty.inputs.containerDefinitions).replace(
                /oms@sha256:\w+/,
                `oms@${image.oms!.split("@")[1]}`,
            ),
        });
        const answer = lab.account.update(service, id, {
            ...others,
            taskDefinition: next.outputs.arn,
            waitForSteadyState: false,
        });
        assert.equal(answer.inputs.taskDefinition, next.outputs.arn, "what it says");
        assert.equal(runs(), before, "what is");
        assert.throws(
            () =>
                lab.account.update(service, id, {
                    ...others,
                    taskDefinition: next.outputs.arn,
                    waitForSteadyState: true,
                }),
            /ServiceDeploymentFailed/,
        );
    });
});
