import { secretNames } from "../../components/secret-names";
import { at, type Diagnostic } from "../problems";
import { untilUnreadable } from "../readable";
import { type Settings } from "../schema";
import { checkEach, type Rule, wrong } from "./rule";

/** Secrets of other services, by their users. */
const otherSecrets = {
    [secretNames.account]: "the OMS",
    [secretNames.notification]: "the notification service",
    [secretNames.webSocketSigningKey]: "the WebSocket API",
};

/** Whether Secrets Manager takes a name for a complete ARN, which ends in a hyphen and six characters of AWS's own. */
const looksComplete = (name: string): boolean => /-.{6}$/.test(name);

/** A name for the secret of a feed that no other has and AWS does not mistake. */
function nameFor(feed: string, taken: ReadonlySet<string>): string {
    const candidates = [
        `${secretNames.tradingAppKey}-${feed}`,
        `kis-${feed}-credentials`,
        `${feed.slice(0, 12).replace(/-$/, "")}-credentials`,
    ];
    const isFree = (name: string): boolean => name.length <= 24 && !looksComplete(name) && !taken.has(name);
    for (let number = 2; !candidates.some(isFree); number++) {
        candidates.push(`${secretNames.tradingAppKey}-${number}`);
    }
    return candidates.find(isFree)!;
}

function* ownCredentials({ services }: Settings): Iterable<Diagnostic> {
    const users = new Map(Object.entries(otherSecrets));
    const taken = new Set([...users.keys(), secretNames.tradingAppKey]);
    for (const name of untilUnreadable(() =>
        Object.values(services.ingestion.feeds).map(({ credentials }) => credentials),
    )) {
        taken.add(name);
    }
    yield* checkEach(services.ingestion.feeds, function* (feed, { credentials }) {
        const path = at("services", "ingestion", "feeds", feed, "credentials");
        const other = users.get(credentials);
        const mend = (must: string): Diagnostic => {
            const right = nameFor(feed, taken);
            taken.add(right);
            return wrong(path, credentials, must, right);
        };
        if (other !== undefined) {
            yield mend(
                `must be a secret of the feed's own: ${other} uses this one, and KIS allows one session per app key`,
            );
        } else if (looksComplete(credentials)) {
            yield mend(
                "must not end in a hyphen and six characters: Secrets Manager takes such a name for a complete ARN, and finds no secret",
            );
        } else {
            users.set(credentials, `feed ${feed}`);
        }
    });
}

/** Rules about secrets. */
export const secretRules: Rule[] = [ownCredentials];
