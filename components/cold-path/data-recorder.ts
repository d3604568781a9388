import * as pulumi from "@pulumi/pulumi";
import { type FunctionSize, type ImageFunction, tagged } from "../building-blocks";
import { type DataLake, type Kafka } from "../data-layer";
import { deployFunction, type Deployment, functionRepository, functionSecurityGroup } from "./deployment";
import { type FailedRecords } from "./failed-records";
import { type Consumer, kafkaTriggerAccess, kafkaTriggers, type KafkaTriggerSize } from "./kafka-trigger";

/** What the stack's settings say about the data recorder: its size, and the topics that it records. */
export interface DataRecorderSettings extends FunctionSize, KafkaTriggerSize {}

export interface DataRecorderArgs {
    deployment: Deployment;
    settings: DataRecorderSettings;
    kafka: Pick<Kafka, "clusterArn" | "trigger">;
    dataLake: Pick<DataLake, "write">;
    failed: Pick<FailedRecords, "arn" | "keep">;
}

/** The data recorder: writes the records of each topic as Parquet below the prefix of that topic (`ticks/`) in the data lake. */
export class DataRecorder extends pulumi.ComponentResource {
    readonly service = "data-recorder";
    readonly function: ImageFunction | undefined;
    readonly consumers: Consumer[] = [];
    readonly repositoryUrl: string;

    constructor(name: string, args: DataRecorderArgs, opts?: pulumi.ComponentResourceOptions) {
        super("aipx:coldpath:DataRecorder", name, {}, tagged({ service: "data-recorder" }, opts));
        const { deployment, settings, dataLake } = args;
        const { scope, network, images } = deployment;
        const { service } = this;
        const repository = functionRepository(name, deployment, service, { parent: this });
        this.repositoryUrl = repository.url;
        const image = images[service];
        if (image !== undefined) {
            const trigger = {
                scope,
                service,
                kafka: args.kafka,
                failed: args.failed,
                size: settings,
                // The lake is to hold all that Kafka still has.
                startingPosition: "TRIM_HORIZON" as const,
            };
            this.function = deployFunction(
                name,
                deployment,
                {
                    service,
                    image,
                    repository,
                    size: settings,
                    securityGroup: functionSecurityGroup(name, deployment, service, { parent: this }),
                    access: [
                        kafkaTriggerAccess(trigger),
                        ...settings.topics.map((topic) => dataLake.write(`${topic}/`)),
                        network.s3,
                    ],
                },
                { parent: this },
            );
            this.consumers = kafkaTriggers(name, trigger, this.function, { parent: this });
        }
        this.registerOutputs({ repositoryUrl: this.repositoryUrl });
    }
}
