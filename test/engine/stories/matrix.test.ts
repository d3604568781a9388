import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { parseSettings, serviceNames } from "../../../settings";
import { allSettings } from "../../../settings/schema-nodes";
import { valueAt } from "../../settings/change";
import { type Config, flat, stackConfig } from "../../settings/stack-file";
import { maintain } from "../aws/maintenance";
import { assertWell, changesOf, type Changes, thatHoldState } from "../support/changes";
import { describeEngine, full } from "../support/engine";
import { digestOf, Lab } from "../support/lab";
import { type SettingChange, settingChanges, together, type Unchangeable, withAll } from "../support/setting-changes";
import { chosenChanges } from "../support/setting-values";

/** Where the long form goes on after it was stopped. */
const from = Number(process.env.AIPX_FULL_FROM ?? 0);

/** Settings that nobody can change by themselves, by stack: others must be changed with them, or no other value is allowed. */
const unchangeable: Record<string, string[]> = {
    dev: ["aipx:environment.disposable", "aipx:broker.mode"],
    production: [
        "aipx:environment.debugShell",
        "aipx:network.natGateways",
        "aipx:postgres.multiAz",
        "aipx:services.ingestion.feeds.NAME.spot",
    ],
};

/** A stack's file when all its services run. */
function deployedConfig(stack: string): Config {
    const config = stackConfig(stack);
    const { services } = parseSettings(flat(config), { stack }).settings;
    const images = serviceNames(services).map((service) => [service, digestOf(`${service} 1`)]);
    return { ...config, "aipx:images": Object.fromEntries(images) };
}

/** What a refusal must tell: how to get there all the same. One that does not is a fault of the program's, not a refusal. */
const wayOut =
    /in\s+docs\/operations\.md|set\s+upgradingFrom\s+to|set\s+engineVersion\s+to|modify-replication-group|protect/;

const isChange = (one: SettingChange | Unchangeable): one is SettingChange => "config" in one;

/** What an update takes away for good, or makes anew and empty. */
const lostBy = ({ replace = [], delete: deleted = [] }: Changes): string[] => thatHoldState([...replace, ...deleted]);

/** Other blocks of the config that had to be changed along. */
const changedAlong = ({ path, config }: SettingChange, before: Config): string[] =>
    Object.keys(config).filter((key) => !path.startsWith(key) && !isDeepStrictEqual(config[key], before[key]));

/** `kafka.brokers = 4` */
function titleOf(one: SettingChange, before: Config): string {
    const text = JSON.stringify(valueAt(one.config, one.path)) ?? "left out";
    const short = text.length > 60 ? `${text.slice(0, 60)}...` : text;
    const title = `${one.path.replace("aipx:", "")} = ${short}`;
    return [title, ...changedAlong(one, before)].join(", with a change of ");
}

/** What is made at once: alone what is more than a change in place of one block, the others in groups, of different parts of the platform. */
function rounds(all: SettingChange[], config: Config, stack: string): SettingChange[][] {
    const isAlone = (one: SettingChange): boolean =>
        one.setting.node.change !== undefined || changedAlong(one, config).length > 0;
    const others = all.filter((one) => !isAlone(one));
    return [...all.filter(isAlone).map((one) => [one]), ...together(others, config, stack)];
}

describe("changes of settings", () => {
    for (const [stack, expected] of Object.entries(unchangeable)) {
        it(`are known for every setting of ${stack} that can be changed`, () => {
            const chosen = chosenChanges[stack]!;
            const found = settingChanges(deployedConfig(stack), stack, chosen);
            assert.deepEqual(
                found.filter((one) => !isChange(one)).map(({ setting }) => setting.path),
                expected,
            );
            const made = new Set(found.map(({ setting }) => setting.path));
            assert.deepEqual(
                allSettings().filter(({ path }) => !made.has(path) && chosen[path]?.length !== 0),
                [],
            );
        });

        it(`are all made in the long form of ${stack}`, () => {
            const config = deployedConfig(stack);
            const all = settingChanges(config, stack, chosenChanges[stack]).filter(isChange);
            const made = rounds(all, config, stack);
            assert.deepEqual(new Set(made.flat()), new Set(all));
            for (const round of made) {
                const together = withAll(round, config);
                round.forEach(({ path, config: alone }) =>
                    assert.deepEqual(valueAt(together, path), valueAt(alone, path)),
                );
            }
        });
    }
});

for (const stack of Object.keys(unchangeable)) {
    // The short form tries those that are always refused. Changes in place are made together in the stack's own story.
    const isShort = ({ setting }: SettingChange): boolean => stack === "dev" && setting.node.change?.kind === "refused";
    const config = deployedConfig(stack);
    const all = settingChanges(config, stack, chosenChanges[stack]).filter(isChange);
    const some = full ? rounds(all, config, stack).slice(from) : all.filter(isShort).map((one) => [one]);
    if (some.length === 0) {
        continue;
    }

    describeEngine(`changes of settings in ${stack}, and back`, function () {
        this.timeout(full ? 0 : 600_000);
        const isDisposable = valueAt(config, "aipx:environment.disposable") === true;
        /** Whether something was lost or refused, by setting. */
        const effects = new Map<string, boolean>();
        let lab: Lab;
        let reset: () => Promise<void>;
        const write = (other: Config): unknown =>
            lab.configure((current) => {
                Object.keys(current).forEach((key) => delete current[key]);
                Object.assign(current, structuredClone(other));
            });

        before(async () => {
            lab = await Lab.open(stack, { checkpoints: false });
            assertWell(await lab.up());
            if (full) {
                await lab.pushImages();
                assertWell(await lab.up());
                write(config);
            }
            reset = await lab.checkpoint();
        });
        afterEach(() => reset());
        after(() => lab.close());

        /** Changes the stack's file, and updates the stack if the preview lets it. Returns what was lost and touched of what holds data, or why it was refused. */
        async function change(
            to: Config,
            isPreviewed = true,
        ): Promise<{ lost: string[]; touched: string[] } | { refusal: string }> {
            write(to);
            if (isPreviewed) {
                const { log } = lab.account;
                const before = log.length;
                const preview = await lab.preview();
                if (!preview.ok) {
                    assert.equal(log.length, before, "refused, but touched");
                    return { refusal: preview.output.slice(preview.output.lastIndexOf("Diagnostics:")) };
                }
            }
            const update = await lab.up();
            assertWell(update);
            const again = await lab.up();
            assertWell(again);
            assert.deepEqual(changesOf(again), {});
            maintain(lab.account);
            const does = changesOf(update);
            return { lost: lostBy(does), touched: thatHoldState(Object.values(does).flat()) };
        }

        for (const [index, made] of some.entries()) {
            const title = made.map((one) => titleOf(one, config)).join("; ");
            it(`${full ? `${index + from}: ` : ""}${title}`, async () => {
                const { kind } = made[0]!.setting.node.change ?? {};
                const there = await change(withAll(made, config));
                // The way back of what changes in place is not previewed: nothing on it may be refused.
                const back = "refusal" in there ? there : await change(config, kind !== undefined);
                const refusal = "refusal" in back ? back.refusal : "";
                const lost = [there, back].flatMap((way) => ("lost" in way ? way.lost : []));
                if (refusal !== "") {
                    assert.match(refusal, wayOut);
                }
                const mayLose = kind === "loses";
                const mayRefuse = kind === "refused" || kind === "upwards" || (mayLose && !isDisposable);
                if (!mayLose) {
                    assert.deepEqual(lost, []);
                }
                if (!mayRefuse) {
                    assert.equal(refusal, "");
                }
                if (kind === "refused") {
                    assert.ok("refusal" in there);
                } else if (kind === "first") {
                    assert.deepEqual("touched" in there && there.touched, []);
                } else if (kind === "loses" || kind === "upwards") {
                    const { path } = made[0]!.setting;
                    effects.set(path, effects.get(path) || lost.length > 0 || refusal !== "");
                }
            });
        }

        // Protected stacks have values between which nothing is lost: brokers that are not burstable, or a load balancer that is not there.
        if (full && isDisposable) {
            it("lose something or are refused, by one change at least, where settings.md says so", () => {
                assert.deepEqual(
                    [...effects].flatMap(([path, hasEffect]) => (hasEffect ? [] : [path])),
                    [],
                );
            });
        }
    });
}
