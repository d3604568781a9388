import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { parseSettings, serviceNames } from "../../../settings";
import { allSettings } from "../../../settings/schema-nodes";
import { valueAt } from "../../settings/change";
import { type Config, flat, stackConfig } from "../../settings/stack-file";
import { assertWell, changesOf, type Changes, thatHoldState } from "../support/changes";
import { describeEngine, full } from "../support/engine";
import { digestOf, Lab } from "../support/lab";
import { type SettingChange, settingChanges, type Unchangeable } from "../support/setting-changes";
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

/** `kafka.brokers = 4` */
function titleOf({ path, config }: SettingChange, before: Config): string {
    const text = JSON.stringify(valueAt(config, path)) ?? "left out";
    const others = Object.keys(config).filter(
        (key) => !path.startsWith(key) && !isDeepStrictEqual(config[key], before[key]),
    );
    const short = text.length > 60 ? `${text.slice(0, 60)}...` : text;
    return [`${path.replace("aipx:", "")} = ${short}`, ...others].join(", with a change of ");
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
    }
});

for (const stack of Object.keys(unchangeable)) {
    // The short form tries those that are always refused. Changes in place are made together in the stack's own story.
    const all = settingChanges(deployedConfig(stack), stack, chosenChanges[stack]).filter(isChange);
    const isShort = ({ setting }: SettingChange): boolean => stack === "dev" && setting.node.change?.kind === "refused";
    const some = full ? all.slice(from) : all.filter(isShort);
    if (some.length === 0) {
        continue;
    }

    describeEngine(`changes of settings in ${stack}, and back`, function () {
        this.timeout(full ? 0 : 600_000);
        const config = deployedConfig(stack);
        const isDisposable = valueAt(config, "aipx:environment.disposable") === true;
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
            const does = changesOf(update);
            return { lost: lostBy(does), touched: thatHoldState(Object.values(does).flat()) };
        }

        for (const [index, one] of some.entries()) {
            it(`${full ? `${index + from}: ` : ""}${titleOf(one, config)}`, async () => {
                const { kind } = one.setting.node.change ?? {};
                const there = await change(one.config);
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
                } else if (kind === "upwards") {
                    assert.notEqual(refusal, "");
                } else if (kind === "first") {
                    assert.deepEqual("touched" in there && there.touched, []);
                } else if (kind === "loses") {
                    assert.ok(lost.length > 0 || refusal !== "", "nothing is lost");
                }
            });
        }
    });
}
