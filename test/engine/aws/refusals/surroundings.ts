import { type Account } from "../account";

// What is in an account and is no resource of the program.

interface Surroundings {
    outside: Set<string>;
    filledBuckets: Set<string>;
    scheduledSecrets: Set<string>;
    snapshots: Set<string>;
    withoutZooKeeperAccess: Set<string>;
}

const all = new WeakMap<Account, Surroundings>();

function of(account: Account): Surroundings {
    let surroundings = all.get(account);
    if (!surroundings) {
        surroundings = {
            outside: new Set(),
            filledBuckets: new Set(),
            scheduledSecrets: new Set(),
            snapshots: new Set(),
            withoutZooKeeperAccess: new Set(),
        };
        all.set(account, surroundings);
    }
    return surroundings;
}

/** Ids and ARNs of what others made, and the program refers to: the certificate of a load balancer. */
export const outside = (account: Account): Set<string> => of(account).outside;

/** Names of the buckets that hold objects. */
export const filledBuckets = (account: Account): Set<string> => of(account).filledBuckets;

/** Names of the secrets that are scheduled for deletion: nobody else can have them. */
export const scheduledSecrets = (account: Account): Set<string> => of(account).scheduledSecrets;

/** Final snapshots of deleted databases and caches, by type and name. They stay until a person deletes them. */
export const snapshots = (account: Account): Set<string> => of(account).snapshots;

/** ARNs of the Kafka clusters whose ZooKeeper was closed to clients, by `aws kafka update-connectivity`. */
export const withoutZooKeeperAccess = (account: Account): Set<string> => of(account).withoutZooKeeperAccess;

/** Whether others made it: AWS itself, another account, or a person in this one. */
export function isOutside(account: Account, value: string): boolean {
    if (outside(account).has(value) || /^(arn:aws:iam::aws:|alias\/aws\/)/.test(value)) {
        return true;
    }
    const [, , , , owner] = value.startsWith("arn:") ? value.split(":") : [];
    return /^\d{12}$/.test(owner ?? "") && owner !== account.accountId;
}
