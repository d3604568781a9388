import { at, type Diagnostic } from "../problems";
import { type Settings } from "../schema";
import { type Rule, type RuleContext } from "./rule";

/** Functions at a time that Lambda keeps for those without a reservation. */
const unreserved = 100;

function* reservedConcurrency({ services, account }: Settings, { region }: RuleContext): Iterable<Diagnostic> {
    const { dataRecorder, cognitive, websocketAuthorizer, notification } = services;
    const functions = [
        ...Object.values(services.strategies),
        dataRecorder,
        // Both twice: for the agent's dispatcher, and for the function that answers whom the authorizer admits.
        ...[cognitive, cognitive, websocketAuthorizer, websocketAuthorizer],
        notification,
    ];
    const reserved = functions.reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0);
    const all = account.concurrentExecutions;
    const reservable = Math.max(0, all - unreserved);
    if (reserved > reservable) {
        yield {
            path: at("services"),
            is: `reserves ${reserved} invocations at a time (all reservedConcurrency together, those of cognitive and websocketAuthorizer twice)`,
            must:
                `must reserve at most ${reservable}: the account has ${all} (aipx:account.concurrentExecutions), ` +
                `of which ${unreserved} stay unreserved`,
            fix: [
                {
                    edit: "lower or remove reservedConcurrency, or ask AWS for more and set aipx:account.concurrentExecutions:",
                },
                { edit: quotaRequest(region, "lambda", "L-B99A9384", Math.max(1000, reserved + unreserved)) },
            ],
        };
    }
}

function* fargateVcpus({ services, account }: Settings, { region }: RuleContext): Iterable<Diagnostic> {
    const { oms, ingestion } = services;
    const feeds = Object.values(ingestion.feeds);
    // A deployment of the OMS starts as many tasks as there are; feeds stop before they start.
    const onDemand = 2 * oms.tasks * oms.cpu + sum(feeds.filter(({ spot }) => !spot));
    const spot = sum(feeds.filter((feed) => feed.spot));
    const most = account.fargateVcpus;
    for (const [units, what, code] of [
        [onDemand, "of the OMS, twice while it is deployed, and of feeds that are not on Spot", "L-3032A538"],
        [spot, "of feeds on Spot", "L-36FBB829"],
    ] as const) {
        const vcpus = Math.ceil(units / 1024);
        if (vcpus > most) {
            yield {
                path: at("services"),
                is: `needs ${vcpus} vCPUs on Fargate: those ${what}`,
                must: `must need at most ${most} (aipx:account.fargateVcpus), or tasks wait for a place`,
                fix: [
                    { edit: "lower cpu or tasks, or ask AWS for more and set aipx:account.fargateVcpus:" },
                    { edit: quotaRequest(region, "fargate", code, vcpus) },
                ],
            };
        }
    }
}

const sum = (sizes: { cpu: number }[]): number => sizes.reduce((all, { cpu }) => all + cpu, 0);

const quotaRequest = (region: string | undefined, service: string, code: string, value: number): string =>
    `aws service-quotas request-service-quota-increase${region === undefined ? "" : ` --region ${region}`} ` +
    `--service-code ${service} --quota-code ${code} --desired-value ${value}`;

/** Rules about what the account may have. */
export const accountRules: Rule[] = [reservedConcurrency, fargateVcpus];
