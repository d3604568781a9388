import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Lets the brokers' disks grow once they are 60 % full, if they may grow at all. They never shrink. */
export function growDisks(
    name: string,
    policyName: string,
    sizes: { storageGiB: number; maxStorageGiB: number },
    cluster: aws.msk.Cluster,
    opts: pulumi.CustomResourceOptions,
): void {
    if (sizes.maxStorageGiB <= sizes.storageGiB) {
        return;
    }
    const target = new aws.appautoscaling.Target(
        name,
        {
            serviceNamespace: "kafka",
            scalableDimension: "kafka:broker-storage:VolumeSize",
            resourceId: cluster.arn,
            minCapacity: 1,
            maxCapacity: sizes.maxStorageGiB,
        },
        opts,
    );
    new aws.appautoscaling.Policy(
        name,
        {
            name: policyName,
            policyType: "TargetTrackingScaling",
            serviceNamespace: target.serviceNamespace,
            scalableDimension: target.scalableDimension,
            resourceId: target.resourceId,
            targetTrackingScalingPolicyConfiguration: {
                predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
                targetValue: 60,
                disableScaleIn: true,
            },
        },
        opts,
    );
}
