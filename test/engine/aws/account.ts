import { standIn } from "../../../plan/stand-ins";
import { failureOf } from "./deployments";
import { refuse } from "./refusals";
import { afterUpdate } from "./maintenance";

/** A resource that exists. */
export interface AwsResource {
    type: string;
    id: string;
    /** URN of the resource that it was made for. */
    urn: string;
    /** As created, or last updated. */
    inputs: Record<string, any>;
    /** Inputs, and what AWS computed. */
    outputs: Record<string, any>;
    /** Inputs that AWS has put off until the next maintenance window. */
    pending?: Record<string, any>;
}

/** A call that changes something. */
export interface Operation {
    kind: "create" | "update" | "delete";
    type: string;
    urn: string;
}

/** AWS says no. */
export class AwsError extends Error {
    constructor(
        /** `ResourceInUseException` */
        readonly code: string,
        message: string,
        /** Set if the resource was made all the same: the answer got lost on its way, or it never became healthy. */
        readonly made?: AwsResource,
    ) {
        super(`${code}: ${message}`);
    }
}

/** A fault: the call fails before it has any effect, or after. */
export interface Fault {
    code: string;
    message: string;
    /** Whether what was asked for has happened. */
    effective: boolean;
}

/**
 * An account of AWS as far as the platform uses it: what exists, and what AWS refuses. It outlives the engine's processes, as
 * AWS does.
 */
export class Account {
    /** All that exists, by type and id. */
    private readonly existing = new Map<string, AwsResource>();
    /** All calls that had an effect, in order. */
    readonly log: Operation[] = [];
    /** Asked before each call. */
    fault: (operation: Operation) => Fault | undefined = () => undefined;
    /** Images that were pushed: `<repository name>@<digest>`. */
    readonly images = new Set<string>();
    /** What some of them do wrong when a task runs them. */
    readonly faulty = new Map<string, "fails its self-test" | "never becomes healthy">();
    /** Functions that the account may run at a time: 1000, but 10 or 50 in a new one. */
    concurrentExecutions = 1000;
    /**
     * Service-linked roles that are not there yet: `ecs.amazonaws.com` in a new account. AWS makes one at the first use of its
     * service, and may not see it in time.
     */
    readonly missingServiceRoles = new Set<string>();
    private made = 0;
    /** The last revision of each family of task definitions. */
    private readonly revisions = new Map<string, number>();

    constructor(
        readonly region: string,
        readonly accountId: string,
    ) {}

    get resources(): AwsResource[] {
        return [...this.existing.values()];
    }

    ofType(...types: string[]): AwsResource[] {
        return this.resources.filter(({ type }) => types.includes(type));
    }

    get(type: string, id: string): AwsResource | undefined {
        return this.existing.get(key(type, id));
    }

    /** By id, or by what a resource is imported by: the name of a database. */
    find(type: string, idOrName: string): AwsResource | undefined {
        const isSo = ({ outputs }: AwsResource): boolean =>
            type === "aws:rds/instance:Instance" && outputs.identifier === idOrName;
        return this.get(type, idOrName) ?? this.ofType(type).find(isSo);
    }

    /** @throws AwsError if AWS would refuse. */
    create(type: string, urn: string, inputs: Record<string, any>): AwsResource {
        const made = this.call({ kind: "create", type, urn }, () => {
            const resource = this.newResource(type, urn, inputs);
            refuse("create", resource, this);
            this.makeServiceRole(type);
            this.put(resource);
            return resource;
        });
        return this.rolledOut(made);
    }

    /** @throws AwsError if AWS would refuse. */
    update(type: string, id: string, inputs: Record<string, any>): AwsResource {
        const before = this.mustExist(type, id);
        const made = this.call({ kind: "update", type, urn: before.urn }, () => {
            const removed = Object.keys(before.inputs).filter((property) => !(property in inputs));
            const outputs = { ...before.outputs, ...inputs };
            removed.forEach((property) => delete outputs[property]);
            if (type === "aws:msk/configuration:Configuration") {
                outputs.latestRevision++;
            }
            if (type === "aws:s3/bucketObjectv2:BucketObjectv2") {
                outputs.versionId = `version-${++this.made}`;
            }
            const asked = { ...before, inputs, outputs };
            refuse("update", asked, this, before);
            const resource = afterUpdate(asked, before);
            this.put(resource);
            return resource;
        });
        return this.rolledOut(made, before);
    }

    /** Deleting what does not exist is no error. @throws AwsError if AWS would refuse. */
    delete(type: string, id: string): void {
        const resource = this.get(type, id);
        if (resource) {
            this.call({ kind: "delete", type, urn: resource.urn }, () => {
                refuse("delete", resource, this);
                this.existing.delete(key(type, id));
                if (type === "aws:ecr/repository:Repository") {
                    this.loseImages(id);
                }
                return resource;
            });
        }
    }

    /** Makes a resource behind Pulumi's back. */
    appear(type: string, name: string, inputs: Record<string, any>): AwsResource {
        const resource = this.newResource(type, `outside::${type}::${name}`, inputs);
        this.put(resource);
        return resource;
    }

    /** Changes a resource behind Pulumi's back: inputs, and what AWS computes. */
    tamper(type: string, id: string, change: Record<string, any>, computed: Record<string, any> = {}): void {
        const resource = this.mustExist(type, id);
        const inputs = { ...resource.inputs, ...change };
        const outputs = { ...resource.outputs, ...change, ...computed };
        this.put({ ...resource, inputs, outputs, pending: undefined });
    }

    /** Removes a resource behind Pulumi's back. */
    lose(type: string, id: string): void {
        this.mustExist(type, id);
        this.existing.delete(key(type, id));
    }

    /** Notes what exists. Returns what goes back there. */
    checkpoint(): () => void {
        const [existing, images] = [structuredClone([...this.existing]), [...this.images]];
        return () => {
            this.existing.clear();
            structuredClone(existing).forEach(([id, resource]) => this.existing.set(id, resource));
            this.images.clear();
            images.forEach((image) => this.images.add(image));
        };
    }

    /** A repository takes its images with it. */
    private loseImages(repository: string): void {
        for (const image of [...this.images].filter((name) => name.startsWith(`${repository}@`))) {
            this.images.delete(image);
        }
    }

    private put(resource: AwsResource): void {
        this.existing.set(key(resource.type, resource.id), resource);
    }

    private newResource(type: string, urn: string, inputs: Record<string, any>): AwsResource {
        const name = urn.split("::").pop()!;
        // A replacement has the URN of what it replaces, and is something else.
        const unique = `${urn}#${++this.made}`;
        const place = { region: this.region, accountId: this.accountId };
        const { id, outputs } = this.numbered(type, standIn({ ...place, urn: unique, type, name, inputs }));
        return { type, id, urn, inputs, outputs };
    }

    /**
     * A service whose deployment fails runs what it ran before, if there was anything. Who does not wait for that is told that all
     * went well.
     */
    private rolledOut(resource: AwsResource, before?: AwsResource): AwsResource {
        const failure = failureOf(resource, this);
        if (failure === undefined) {
            return resource;
        }
        if (before) {
            const { taskDefinition } = before.inputs as { taskDefinition: string };
            this.tamper(resource.type, resource.id, { taskDefinition });
        }
        if (resource.inputs.waitForSteadyState === true) {
            throw new AwsError("ServiceDeploymentFailed", failure, resource);
        }
        return resource;
    }

    private call(operation: Operation, effect: () => AwsResource): AwsResource {
        const fault = this.fault(operation);
        if (fault && !fault.effective) {
            throw new AwsError(fault.code, fault.message);
        }
        const resource = effect();
        this.log.push(operation);
        if (fault) {
            throw new AwsError(fault.code, fault.message, operation.kind === "delete" ? undefined : resource);
        }
        return resource;
    }

    /** AWS makes a service-linked role while it refuses what needs it: the same call once more is done. */
    private makeServiceRole(type: string): void {
        if (type === "aws:ecs/cluster:Cluster" && this.missingServiceRoles.delete("ecs.amazonaws.com")) {
            throw new AwsError(
                "InvalidParameterException",
                "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
            );
        }
    }

    /**
     * Each task definition of a family is a revision of its own, whose number is never given again. Calls of a function are told apart,
     * too, though the provider gives two with the same input one id.
     */
    private numbered<Made extends { id: string; outputs: Record<string, any> }>(type: string, made: Made): Made {
        if (type === "aws:lambda/invocation:Invocation") {
            return { ...made, id: `${made.id}#${this.made}` };
        }
        if (type !== "aws:ecs/taskDefinition:TaskDefinition") {
            return made;
        }
        const { arnWithoutRevision } = made.outputs as { arnWithoutRevision: string };
        const revision = (this.revisions.get(arnWithoutRevision) ?? 0) + 1;
        this.revisions.set(arnWithoutRevision, revision);
        const arn = `${arnWithoutRevision}:${revision}`;
        return { ...made, id: arn, outputs: { ...made.outputs, arn, revision } };
    }

    private mustExist(type: string, id: string): AwsResource {
        const resource = this.get(type, id);
        if (!resource) {
            throw new AwsError("ResourceNotFoundException", `${type} ${id} does not exist`);
        }
        return resource;
    }
}

const key = (type: string, id: string): string => `${type} ${id}`;
