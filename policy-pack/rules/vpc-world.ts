import { type Check } from "../core/rule";
import { Value } from "../core/value";
import { type GroupRule, isWorld, type PortRange, portsOf } from "../graph/security-groups";

/** Rules that open some ports, which `bad` judges, to the internet. Unknown ranges and ports are undetermined. */
export function checkWorld(
    rules: GroupRule[],
    check: Check,
    bad: (ports: PortRange) => boolean,
    message: (cidr: string) => string,
): void {
    for (const rule of rules) {
        const cidr = rule.cidrs.find(isWorld) ?? rule.cidrs.find(({ isUnknown }) => isUnknown);
        const ports = portsOf(rule);
        if (!cidr || ports === "none" || (!(ports instanceof Value) && !bad(ports))) {
            continue;
        }
        const unknown = cidr.isUnknown ? cidr : ports instanceof Value ? ports : rule.unsure;
        if (unknown) {
            check.undetermined(rule.resource, unknown);
        } else {
            check.fail(rule.resource, cidr, message(cidr.written));
        }
    }
}
