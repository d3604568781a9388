import { type Resource } from "./resource";
import { type Finding } from "./rule";
import { type Value } from "./value";

/** Type token of a suppression: a component without children that the program registers before what it is about. */
export const suppressionType = "aipx:policy:Suppression";

/** Rules about suppressions themselves: they cannot be suppressed. */
const suppressionRulePrefix = "policy-suppression-";

/** A declared exception: findings of one policy about one resource, accepted by someone until a day. */
export interface Suppression {
    urn: string;
    policy: string;
    resourceType: string;
    /** Logical name. */
    resourceName: string;
    /** Findings at this path or below; all of the resource if left out. */
    path?: string;
    reason: string;
    owner: string;
    /** Last day on which it holds: `2027-03-31`. */
    expires: string;
}

/** A finding that is accepted. */
export interface Suppressed extends Finding {
    by: Suppression;
}

/** The suppressions of one run that have been seen so far, and which of them were of use. */
export class Suppressions {
    private readonly byUrn = new Map<string, Suppression>();
    private readonly used = new Set<string>();

    constructor(
        /** Today in UTC: `2026-12-31`. */
        readonly today: string = new Date().toISOString().slice(0, 10),
    ) {}

    /** Takes note of a suppression. One that is not whole, or past its day, does not hold. */
    remember(resource: Resource): void {
        const { urn, props } = resource;
        const [policy, resourceType, resourceName, reason, owner, expires] = [
            "policy",
            "resourceType",
            "resourceName",
            "reason",
            "owner",
            "expires",
        ].map((key) => props.at(key).text?.trim());
        const path = props.at("path");
        const readable = path.isAbsent || path.text !== undefined;
        if (policy && resourceType && resourceName && reason && owner && isDay(props.at("expires")) && readable) {
            this.byUrn.set(urn, {
                ...{ urn, policy, resourceType, resourceName, reason, owner, expires: expires! },
                ...(path.text && { path: path.text }),
            });
        }
    }

    /** The suppression that holds for a finding of a policy. It counts as used. */
    of(policy: string, finding: Finding): Suppression | undefined {
        if (this.byUrn.size === 0 || policy.startsWith(suppressionRulePrefix)) {
            return undefined;
        }
        const { type, name } = identity(finding.urn);
        for (const suppression of this.byUrn.values()) {
            const holds =
                suppression.policy === policy &&
                suppression.resourceType === type &&
                suppression.resourceName === name &&
                suppression.expires >= this.today &&
                (suppression.path === undefined || isAtOrBelow(finding.path, suppression.path));
            if (holds) {
                this.used.add(suppression.urn);
                return suppression;
            }
        }
        return undefined;
    }

    /** Whether a suppression suppressed anything in this run. */
    isUsed(urn: string): boolean {
        return this.used.has(urn);
    }
}

/** Whether a value is a day of the calendar, as `2026-12-31`. */
export function isDay({ text }: Value): boolean {
    const time = text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
    // February 30th is parsed as a day in March.
    return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** Type token and logical name, out of a URN. */
export function identity(urn: string): { type: string; name: string } {
    const [, , types = "", ...name] = urn.split("::");
    return { type: types.split("$").pop() ?? "", name: name.join("::") };
}

const isAtOrBelow = (path: string, above: string): boolean =>
    path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
