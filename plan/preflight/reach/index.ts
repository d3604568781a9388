import { type Check } from "..";
import { stackOf } from "../stack";
import { type Call, callers } from "./callers";
import { Hosts } from "./hosts";
import { Network, type Place } from "./network";
import { withoutEndpoint } from "./statements";

/**
 * What a service may call, it must be able to reach. Which services a function, a task or a trigger's poller calls follows
 * from its role, its environment and its trigger; whether its subnets and security groups lead there, from the rest of the
 * recording. AWS makes all of it without a word: the calls time out when it runs.
 */
export const reach: Record<string, Check> = {
    reach: (resources, report) => {
        const stack = stackOf(resources);
        const network = new Network(resources, stack);
        const found = callers({ resources, stack, hosts: new Hosts(resources) });
        for (const caller of found.filter((each) => network.knows(each))) {
            const told = new Set<string>();
            for (const { target, because } of caller.calls) {
                const name = nameOf(target);
                const missing = missingTo(network, caller, target);
                if (missing !== undefined && !told.has(name)) {
                    told.add(name);
                    report(caller.resource, `${caller.title} must reach ${name} (${because}): ${missing}`);
                }
            }
        }
        if (found.length > 0) {
            for (const { endpoint, service } of network.unusedEndpoints()) {
                report(
                    endpoint,
                    `nothing in the stack calls ${service} through this endpoint, which costs money by the hour`,
                    "advisory",
                );
            }
        }
    },
};

function nameOf(target: Call["target"]): string {
    switch (target.kind) {
        case "service":
            return target.service;
        case "groups":
            return target.name;
        case "internet":
            return `${target.host}:${target.port}`;
    }
}

function missingTo(network: Network, from: Place, target: Call["target"]): string | undefined {
    switch (target.kind) {
        case "service":
            return withoutEndpoint.has(target.service)
                ? network.missingToInternet(from, 443)
                : network.missingToService(from, target.service);
        case "groups":
            return network.missingToGroups(from, target, target.port);
        case "internet":
            return network.missingToInternet(from, target.port);
    }
}
