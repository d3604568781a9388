import { offerWarnings, serviceNames, type Settings, sharedAddresses, weakerThan } from "../settings";
import { calendarRunsOut } from "../settings/market-calendar";
import { type Assumed, assumeMissing } from "./assume";
import { checkPolicies, type Policies, policyViolations } from "./policies";
import { preflight, type Violation } from "./preflight";
import { defaultAccountId, recordProgram, type RecordOptions } from "./record";
import { type Recording } from "./recording";
import { type Project, readStackConfig } from "./stack-config";

/** All that the plan of one stack says. */
export interface Plan {
    recording: Recording;
    /** What was made up to have a whole picture, and the settings. */
    assumed: Assumed;
    /** `aws:region`, if the stack has it. */
    region?: string;
    /** What AWS would refuse, and what the policy pack refuses. */
    violations: Violation[];
    /** What the policy pack says, if the project has one. */
    policies?: Policies;
    /** What works, but is worth knowing. */
    warnings: string[];
}

/** A stack that has no plan, and why. */
export interface Failure {
    stack: string;
    message: string;
}

export interface PlanOptions {
    /** Whether services without an image stay out. */
    asConfigured: boolean;
    /** As the first preview sees the stack, when nothing exists and what AWS computes is unknown. */
    preview?: boolean;
    /** Told the number of resources whenever there is one more. */
    onResource?: RecordOptions["onResource"];
}

/**
 * Runs the project's program for a stack, as `pulumi preview` would.
 *
 * @throws What the program throws; UsageError if the stack's file cannot be read.
 */
export async function planStack(project: Project, stack: string, options: PlanOptions): Promise<Plan> {
    const { assumed, recording } = await recordStack(project, stack, options);
    const policies = checkPolicies(project, recording);
    return {
        recording,
        assumed,
        region: assumed.config["aws:region"],
        violations: [...preflight(recording), ...(policies ? policyViolations(policies) : [])],
        policies,
        warnings: [
            ...warnings(assumed),
            ...weaker(project, stack, assumed.settings),
            ...sharedAddresses(
                stack,
                Object.fromEntries(project.stacks.map((each) => [each, settingsOf(project, each)])),
            ),
            ...strictlyJudged(stack, assumed.settings, policies),
            ...(assumed.settings ? [calendarRunsOut(new Date().toISOString().slice(0, 10)) ?? []].flat() : []),
        ],
    };
}

/** Runs the project's program for a stack, and judges nothing. */
export async function recordStack(
    project: Project,
    stack: string,
    options: PlanOptions,
): Promise<Pick<Plan, "assumed" | "recording">> {
    const assumed = assumeMissing(readStackConfig(project, stack), stack, !options.asConfigured);
    const recording = await recordProgram(() => program(project)(), {
        project: project.name,
        stack,
        config: assumed.config,
        secretConfigKeys: assumed.secretKeys,
        accountId: assumed.accountId,
        preview: options.preview,
        onResource: options.onResource,
    });
    return { assumed, recording };
}

/** The function that the program's main file exports (`export = async () => ({ ... })`). */
function program({ main }: Project): () => unknown {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- settings and look-ups at its top are part of the run
    const exported: unknown = require(main);
    if (typeof exported !== "function") {
        throw new Error(`${main} must export a function that makes the resources and returns the stack's outputs`);
    }
    return exported as () => unknown;
}

function* warnings({ accountId, images, certificate, settings, config }: Assumed): Iterable<string> {
    if (accountId === defaultAccountId) {
        yield `The account ${defaultAccountId} is AWS's example: put yours into aws:allowedAccountIds.`;
    }
    if (settings && images.length > 0) {
        const all = images.length === serviceNames(settings.services).length;
        yield `No image is set for ${all ? "any service" : images.join(", ")}: planned as if there were one; pulumi up leaves out what has none in aipx:images.`;
    }
    if (certificate) {
        yield "The OMS's load balancer is planned as if it had a certificate; pulumi up leaves it out until aipx:services.oms.loadBalancer.certificate is set.";
    }
    const nobody = settings?.alarms.emails.filter((email) => /@(.+\.)?example\.(com|net|org)$/i.test(email)) ?? [];
    if (nobody.length > 0) {
        yield `No mail reaches ${nobody.join(", ")}, a domain for examples: put yours into aipx:alarms.emails.`;
    }
    if (settings?.alarms.emails.length === 0) {
        yield "Nobody receives alarms and cost reports: aipx:alarms.emails is empty.";
    }
    const region = config["aws:region"];
    if (settings && region !== undefined) {
        yield* offerWarnings(settings, region);
    }
}

/** A stack that may be destroyed, and which the pack holds to what production is held to. */
function strictlyJudged(stack: string, settings: Settings | undefined, policies: Policies | undefined): string[] {
    return settings?.environment.disposable && policies?.strict
        ? [
              `${stack} is disposable, and the policy pack judges it like production. Put "${stack}" into disposableStacks in ` +
                  "policy-pack/profiles.ts, and what only production must have is no violation any more; if the stack is to be " +
                  "taken down, run pulumi up without the pack instead.",
          ]
        : [];
}

const settingsOf = (project: Project, stack: string): Settings | undefined =>
    assumeMissing(readStackConfig(project, stack), stack, false).settings;

/** What is weaker than in the first stack, where changes are tried. */
function weaker(project: Project, stack: string, settings: Settings | undefined): string[] {
    const [first] = project.stacks;
    if (first === undefined || stack === first || !settings) {
        return [];
    }
    const baseline = settingsOf(project, first);
    return baseline
        ? weakerThan(baseline, settings, { baseline: first, other: stack }).map(
              ({ path, value, allowed }) => `${path} ${value}: ${allowed}.`,
          )
        : [];
}
