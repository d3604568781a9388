import { at, type Diagnostic } from "../problems";
import { type Settings } from "../schema";
import { type Rule, wrong } from "./rule";

/** Requests a second that KIS takes for an account. */
const brokerRate = { live: 20, paper: 2 };

function* ordersPerSecond({ broker, services }: Settings): Iterable<Diagnostic> {
    const { maxOrdersPerSecond } = services.oms.riskLimits;
    const most = brokerRate[broker.mode];
    if (maxOrdersPerSecond !== undefined && maxOrdersPerSecond > most) {
        yield wrong(
            at("services", "oms", "riskLimits", "maxOrdersPerSecond"),
            maxOrdersPerSecond,
            `must be at most ${most}: KIS takes no more requests in ${broker.mode} trading`,
            most,
        );
    }
}

function* orderWithinLimits({ services }: Settings): Iterable<Diagnostic> {
    const { maxOrderValueKrw, ...others } = services.oms.riskLimits;
    for (const limit of ["maxPositionValueKrw", "maxDailyOrderValueKrw"] as const) {
        const value = others[limit];
        if (maxOrderValueKrw !== undefined && value !== undefined && value < maxOrderValueKrw) {
            yield wrong(
                at("services", "oms", "riskLimits", limit),
                value,
                `must be at least maxOrderValueKrw, ${maxOrderValueKrw}: no order of that value could ever be sent`,
                maxOrderValueKrw,
            );
        }
    }
}

/** What limits are proposed with, in won, where live trading has none. */
const proposals = {
    maxOrderValueKrw: 10_000_000,
    maxPositionValueKrw: 50_000_000,
    maxDailyOrderValueKrw: 200_000_000,
    maxDailyLossKrw: 5_000_000,
};

function* liveLimits({ environment, broker, services }: Settings): Iterable<Diagnostic> {
    // In a disposable stack, live trading itself is what is wrong.
    if (broker.mode !== "live" || environment.disposable) {
        return;
    }
    const limits = services.oms.riskLimits;
    const most = limits.maxOrderValueKrw ?? proposals.maxOrderValueKrw;
    for (const [limit, proposal] of Object.entries(proposals) as [keyof typeof proposals, number][]) {
        if (limits[limit] === undefined) {
            yield wrong(
                at("services", "oms", "riskLimits", limit),
                undefined,
                "must be set in live trading: one wrong strategy must not be able to spend everything",
                limit === "maxPositionValueKrw" || limit === "maxDailyOrderValueKrw"
                    ? Math.max(proposal, most)
                    : proposal,
            );
        }
    }
}

/** Rules about what the OMS may send. */
export const orderRules: Rule[] = [ordersPerSecond, orderWithinLimits, liveLimits];
