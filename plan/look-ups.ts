/** Where the offline program believes to be. */
export interface Place {
    region: string;
    accountId: string;
}

type LookUp = (args: Record<string, any>, place: Place) => Record<string, unknown>;

/** Answers to the look-ups (invokes) that the program may make, by token. */
const lookUps: Record<string, LookUp> = {
    "aws:index/getCallerIdentity:getCallerIdentity": (_args, { accountId }) => ({
        id: accountId,
        accountId,
        arn: `arn:aws:iam::${accountId}:user/offline-plan`,
        userId: "AIDAOFFLINEPLAN000000",
    }),
    "aws:index/getRegion:getRegion": (args, { region }) => ({
        id: args.region ?? region,
        region: args.region ?? region,
        name: args.region ?? region,
        endpoint: `ec2.${args.region ?? region}.amazonaws.com`,
        description: args.region ?? region,
    }),
    "aws:index/getPartition:getPartition": () => ({
        id: "aws",
        partition: "aws",
        dnsSuffix: "amazonaws.com",
        reverseDnsPrefix: "com.amazonaws",
    }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
        const zones = ["a", "b", "c", "d"];
        return {
            id: args.region ?? region,
            region: args.region ?? region,
            names: zones.map((zone) => `${args.region ?? region}${zone}`),
            zoneIds: zones.map((_zone, index) => `az${index + 1}`),
            groupNames: [args.region ?? region],
        };
    },
};

/**
 * The answer to a look-up.
 *
 * @throws Error naming the token, if there is no answer: a made-up one could hide a mistake.
 */
export function lookUp(token: string, args: Record<string, any>, place: Place): Record<string, unknown> {
    const answer = lookUps[token];
    if (!answer) {
        throw new Error(
            `the offline plan has no answer to the look-up ${token}: add one to lookUps in plan/look-ups.ts`,
        );
    }
    return answer(args, place);
}
