import {
    checkEach,
    needs,
    refusal,
    refusedIf,
    unique,
    unused,
    valuesAt,
    within,
    type Attempt,
    type Refusals,
} from "./attempt";
import {
    aCertificate,
    aDiscoveryService,
    aKey,
    aLoadBalancer,
    anEcsCluster,
    anEcsClusterArn,
    anMskCluster,
    aNamespace,
    aRepository,
    aRole,
    aSecurityGroup,
    aSubnet,
    aTargetGroup,
    aTrustStore,
    aVpc,
    aBucket,
} from "./exists";
import { principalsExist } from "./identity";

const noRepository = refusal(
    "RepositoryNotFoundException",
    "The repository with name '%' does not exist in the registry",
);

const taskDefinition = ({ account, inputs }: Attempt): Record<string, any> | undefined =>
    account
        .ofType("aws:ecs/taskDefinition:TaskDefinition")
        .find(({ outputs }) => [outputs.arn, outputs.arnWithoutRevision].includes(inputs.taskDefinition))?.inputs;

const isOfGroup =
    (group: string) =>
    ({ inputs }: { inputs: Record<string, any> }): boolean =>
        valuesAt(inputs, "defaultActions.targetGroupArn").includes(group);

const noTarget = refusal(
    "ObjectNotFoundException",
    "No scalable target registered for this service namespace and dimension, resource ID: %",
);
const scales: NonNullable<Refusals["put"]> = [
    refusedIf(
        noTarget,
        (inputs, { account }) =>
            !account
                .ofType("aws:appautoscaling/target:Target")
                .some(
                    (target) =>
                        target.inputs.resourceId === inputs.resourceId &&
                        target.inputs.scalableDimension === inputs.scalableDimension,
                ),
        ({ inputs }) => inputs.resourceId,
    ),
];

export const containers: Record<string, Refusals> = {
    "aws:ecr/repository:Repository": {
        put: [
            needs(
                "encryptionConfigurations.kmsKey",
                aKey,
                refusal("KmsException", "The specified KMS key does not exist: %"),
            ),
        ],
        create: [
            unique(
                refusal(
                    "RepositoryAlreadyExistsException",
                    "The repository with name '%' already exists in the registry",
                ),
                "name",
            ),
        ],
        delete: [
            refusedIf(
                refusal(
                    "RepositoryNotEmptyException",
                    "The repository with name '%' cannot be deleted because it still contains images",
                ),
                ({ forceDelete }, { resource, account }) =>
                    forceDelete !== true && [...account.images].some((image) => image.startsWith(`${resource.id}@`)),
            ),
        ],
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": { put: [needs("repository", aRepository, noRepository)] },
    "aws:ecr/repositoryPolicy:RepositoryPolicy": {
        put: [
            needs("repository", aRepository, noRepository),
            principalsExist("policy", refusal("InvalidParameterException", "Principal not found in policy %")),
        ],
    },

    "aws:ecs/cluster:Cluster": {
        put: [
            needs(
                "configuration.executeCommandConfiguration.kmsKeyId",
                aKey,
                refusal("InvalidParameterException", "KMS key % of ECS Exec does not exist."),
            ),
            needs(
                "configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId",
                aKey,
                refusal("InvalidParameterException", "KMS key % of the tasks' disks does not exist."),
            ),
        ],
        create: [
            unique(
                refusal(
                    "InvalidParameterException",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s): %",
                ),
                "name",
            ),
        ],
        delete: [
            unused(
                refusal(
                    "ClusterContainsServicesException",
                    "The Cluster cannot be deleted while Services are active: %",
                ),
                "arn",
                { "aws:ecs/service:Service": "cluster" },
            ),
        ],
    },
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
        put: [
            needs("clusterName", anEcsCluster, refusal("ClusterNotFoundException", "Cluster not found: %")),
            refusedIf(
                refusal(
                    "InvalidParameterException",
                    "The default strategy names a capacity provider that is not associated with cluster %",
                ),
                (inputs) =>
                    valuesAt(inputs, "defaultCapacityProviderStrategies.capacityProvider").some(
                        (provider) => !valuesAt(inputs, "capacityProviders").includes(provider),
                    ),
            ),
        ],
        delete: [
            refusedIf(
                refusal("ResourceInUseException", "The specified capacity provider is in use and cannot be removed: %"),
                (inputs, attempt) =>
                    attempt
                        .others("aws:ecs/service:Service")
                        .some(
                            (service) =>
                                String(service.inputs.cluster).endsWith(`/${inputs.clusterName}`) &&
                                valuesAt(service.inputs, "capacityProviderStrategies").length > 0,
                        ),
            ),
        ],
    },
    "aws:ecs/taskDefinition:TaskDefinition": {
        put: [
            needs("taskRoleArn", aRole, refusal("ClientException", "Role is not valid: %")),
            needs("executionRoleArn", aRole, refusal("ClientException", "Execution role is not valid: %")),
        ],
    },
    "aws:ecs/service:Service": {
        put: [
            needs("cluster", anEcsClusterArn, refusal("ClusterNotFoundException", "Cluster not found: %")),
            refusedIf(
                refusal("ClientException", "Unable to describe task definition: %"),
                (_inputs, attempt) => taskDefinition(attempt) === undefined,
                ({ inputs }) => inputs.taskDefinition,
            ),
            needs(
                "networkConfiguration.subnets",
                aSubnet,
                refusal(
                    "InvalidParameterException",
                    "Error retrieving subnet information for [%]: The subnet ID does not exist",
                ),
            ),
            needs(
                "networkConfiguration.securityGroups",
                aSecurityGroup,
                refusal(
                    "InvalidParameterException",
                    "Error retrieving security group information for [%]: The security group does not exist",
                ),
            ),
            needs(
                "loadBalancers.targetGroupArn",
                aTargetGroup,
                refusal("InvalidParameterException", "The target group with targetGroupArn % does not exist."),
            ),
            checkEach(
                "loadBalancers.targetGroupArn",
                refusal(
                    "InvalidParameterException",
                    "The target group with targetGroupArn % does not have an associated load balancer.",
                ),
                (group: string, { account }) => account.ofType("aws:lb/listener:Listener").some(isOfGroup(group)),
            ),
            checkEach(
                "loadBalancers.containerName",
                refusal("InvalidParameterException", "The container % does not exist in the task definition."),
                (name: string, attempt) =>
                    (JSON.parse(taskDefinition(attempt)!.containerDefinitions) as { name: string }[]).some(
                        (container) => container.name === name,
                    ),
            ),
            needs(
                "serviceRegistries.registryArn",
                aDiscoveryService,
                refusal("InvalidParameterException", "Unable to find the service registry %"),
            ),
            checkEach(
                "capacityProviderStrategies.capacityProvider",
                refusal(
                    "InvalidParameterException",
                    "The capacity provider strategy cannot contain % which is not associated with the cluster.",
                ),
                (provider, { inputs, account }) =>
                    account
                        .ofType("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders")
                        .some(
                            (providers) =>
                                String(inputs.cluster).endsWith(`/${providers.inputs.clusterName}`) &&
                                valuesAt(providers.inputs, "capacityProviders").includes(provider),
                        ),
            ),
            refusedIf(
                refusal(
                    "InvalidParameterException",
                    "Availability Zone rebalancing needs a maximumPercent greater than 100: %",
                ),
                ({ availabilityZoneRebalancing = "ENABLED", deploymentMaximumPercent = 200 }) =>
                    availabilityZoneRebalancing === "ENABLED" && deploymentMaximumPercent <= 100,
            ),
            refusedIf(
                refusal("InvalidParameterException", "The deployment percentages leave no room to replace a task: %"),
                ({ deploymentMaximumPercent = 200, deploymentMinimumHealthyPercent = 100 }) =>
                    deploymentMaximumPercent <= 100 && deploymentMinimumHealthyPercent >= 100,
            ),
            refusedIf(
                refusal(
                    "InvalidParameterException",
                    "Health check grace period is only valid for services configured to use load balancers: %",
                ),
                (inputs) => inputs.healthCheckGracePeriodSeconds > 0 && valuesAt(inputs, "loadBalancers").length === 0,
            ),
        ],
        create: [
            unique(
                refusal("InvalidParameterException", "Creation of service was not idempotent: %"),
                "name",
                "cluster",
            ),
        ],
    },
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {
        put: [needs("vpc", aVpc, refusal("InvalidInput", "The VPC % does not exist."))],
        create: [unique(refusal("NamespaceAlreadyExists", "Namespace % already exists."), "name", "vpc")],
        delete: [
            unused(
                refusal("ResourceInUse", "Namespace has registered services; delete the services before % is deleted."),
                "id",
                { "aws:servicediscovery/service:Service": ["dnsConfig.namespaceId", "namespaceId"] },
            ),
        ],
    },
    "aws:servicediscovery/service:Service": {
        put: [needs("dnsConfig.namespaceId", aNamespace, refusal("NamespaceNotFound", "Namespace % was not found."))],
        create: [
            refusedIf(
                refusal("ServiceAlreadyExists", "A service with the same name already exists in the namespace: %"),
                ({ dnsConfig }, attempt) =>
                    attempt
                        .others("aws:servicediscovery/service:Service")
                        .some(
                            ({ inputs, outputs }) =>
                                inputs.dnsConfig?.namespaceId === dnsConfig?.namespaceId &&
                                outputs.name === attempt.resource.outputs.name,
                        ),
            ),
        ],
        delete: [
            refusedIf(
                refusal("ResourceInUse", "Service contains registered instances; deregister them before % is deleted."),
                ({ forceDestroy }, attempt) =>
                    forceDestroy !== true &&
                    attempt
                        .others("aws:ecs/service:Service")
                        .some(({ inputs }) =>
                            valuesAt(inputs, "serviceRegistries.registryArn").includes(attempt.resource.outputs.arn),
                        ),
            ),
        ],
    },
    "aws:appautoscaling/target:Target": {
        put: [
            refusedIf(
                refusal("ValidationException", "The resource to be scaled doesn't exist: %"),
                ({ serviceNamespace, resourceId }, { account }) =>
                    serviceNamespace === "ecs"
                        ? !account
                              .ofType("aws:ecs/service:Service")
                              .some(({ id }) => id.endsWith(`:${resourceId as string}`))
                        : serviceNamespace === "kafka" && !anMskCluster(account, resourceId),
            ),
            refusedIf(
                refusal("ValidationException", "Maximum capacity cannot be less than minimum capacity: %"),
                ({ minCapacity, maxCapacity }) => maxCapacity < minCapacity,
            ),
        ],
    },
    "aws:appautoscaling/policy:Policy": { put: scales },
    "aws:appautoscaling/scheduledAction:ScheduledAction": {
        put: [
            ...scales,
            checkEach(
                "schedule",
                refusal("ValidationException", "Invalid schedule expression: %"),
                (schedule: string) => /^(cron\((\S+ ){5}\S+\)|rate\(\d+ \w+\)|at\(\S+\))$/.test(schedule),
            ),
        ],
    },

    "aws:lb/loadBalancer:LoadBalancer": {
        put: [
            needs("subnets", aSubnet, refusal("SubnetNotFound", "The subnet ID '%' does not exist")),
            needs(
                "securityGroups",
                aSecurityGroup,
                refusal("InvalidSecurityGroup", "The security group '%' does not exist"),
            ),
            refusedIf(
                refusal(
                    "ValidationError",
                    "At least two subnets in two different Availability Zones must be specified: %",
                ),
                (inputs, { account }) =>
                    new Set(
                        valuesAt(inputs, "subnets").map(
                            (id) => account.get("aws:ec2/subnet:Subnet", id)!.inputs.availabilityZone as unknown,
                        ),
                    ).size < 2,
            ),
            // The service tries to write: the bucket must be there, and its policy.
            checkEach(
                "accessLogs",
                refusal("InvalidConfigurationRequest", "Access Denied for bucket. Please check S3bucket permission: %"),
                ({ enabled, bucket }, { account }) =>
                    enabled !== true ||
                    (aBucket(account, bucket) &&
                        account
                            .ofType("aws:s3/bucketPolicy:BucketPolicy")
                            .some(({ inputs }) => inputs.bucket === bucket)),
            ),
            within(
                "idleTimeout",
                1,
                4000,
                refusal("ValidationError", "The idle timeout must be 1 to 4000 seconds, not %"),
            ),
            within(
                "clientKeepAlive",
                60,
                604_800,
                refusal("ValidationError", "The client keep-alive must be 60 to 604800 seconds, not %"),
            ),
        ],
        create: [unique(refusal("DuplicateLoadBalancerName", "A load balancer with the same name '%' exists"), "name")],
        delete: [
            refusedIf(
                refusal(
                    "OperationNotPermitted",
                    "Load balancer '%' cannot be deleted because deletion protection is enabled",
                ),
                ({ enableDeletionProtection }) => enableDeletionProtection === true,
            ),
        ],
    },
    "aws:lb/targetGroup:TargetGroup": {
        put: [
            needs("vpcId", aVpc, refusal("ValidationError", "The VPC ID '%' is not found")),
            refusedIf(
                refusal("ValidationError", "Health check timeout must be smaller than the interval: %"),
                ({ healthCheck }) => healthCheck?.timeout >= healthCheck?.interval,
            ),
            within(
                "deregistrationDelay",
                0,
                3600,
                refusal("ValidationError", "The deregistration delay must be 0 to 3600 seconds, not %"),
            ),
        ],
        create: [unique(refusal("DuplicateTargetGroupName", "A target group with the same name '%' exists"), "name")],
        delete: [
            refusedIf(
                refusal("ResourceInUse", "Target group '%' is currently in use by a listener or a rule"),
                (_inputs, attempt) => attempt.others("aws:lb/listener:Listener").some(isOfGroup(attempt.resource.id)),
            ),
        ],
    },
    "aws:lb/listener:Listener": {
        put: [
            needs("loadBalancerArn", aLoadBalancer, refusal("LoadBalancerNotFound", "Load balancer '%' not found")),
            needs(
                "defaultActions.targetGroupArn",
                aTargetGroup,
                refusal("TargetGroupNotFound", "Target groups '%' not found"),
            ),
            needs("certificateArn", aCertificate, refusal("CertificateNotFound", "Certificate '%' not found")),
            checkEach(
                "certificateArn",
                refusal("UnsupportedCertificate", "The certificate '%' has not been issued"),
                (arn: string, { account }) => {
                    const certificate = account.get("aws:acm/certificate:Certificate", arn);
                    return (
                        certificate?.inputs.domainName === undefined ||
                        account
                            .ofType("aws:acm/certificateValidation:CertificateValidation")
                            .some(({ inputs }) => inputs.certificateArn === arn)
                    );
                },
            ),
            needs(
                "mutualAuthentication.trustStoreArn",
                aTrustStore,
                refusal("TrustStoreNotFound", "Trust store '%' not found"),
            ),
            refusedIf(
                refusal("ValidationError", "A certificate must be specified for HTTPS listeners of %"),
                ({ protocol, certificateArn }) => protocol === "HTTPS" && !certificateArn,
                ({ inputs }) => inputs.loadBalancerArn,
            ),
            checkEach(
                "defaultActions.targetGroupArn",
                refusal(
                    "InvalidConfigurationRequest",
                    "Listener protocol 'HTTP' is not supported with a target group with the protocol-version 'GRPC': %",
                ),
                (group: string, { inputs, account }) =>
                    inputs.protocol === "HTTPS" ||
                    account.get("aws:lb/targetGroup:TargetGroup", group)?.inputs.protocolVersion !== "GRPC",
            ),
            checkEach(
                "defaultActions.targetGroupArn",
                refusal(
                    "TargetGroupAssociationLimit",
                    "The following target groups cannot be associated with more than one load balancer: %",
                ),
                (group: string, attempt) =>
                    attempt
                        .others("aws:lb/listener:Listener")
                        .filter(isOfGroup(group))
                        .every(({ inputs }) => inputs.loadBalancerArn === attempt.inputs.loadBalancerArn),
            ),
        ],
        create: [
            unique(
                refusal("DuplicateListener", "A listener already exists on this port for this load balancer: %"),
                "port",
                "loadBalancerArn",
            ),
        ],
    },
    "aws:lb/trustStore:TrustStore": {
        put: [
            refusedIf(
                refusal("CaCertificatesBundleNotFound", "The specified ca certificate bundle '%' does not exist"),
                (inputs, { account }) =>
                    !account
                        .ofType("aws:s3/bucketObjectv2:BucketObjectv2")
                        .some(
                            ({ outputs }) =>
                                outputs.bucket === inputs.caCertificatesBundleS3Bucket &&
                                outputs.key === inputs.caCertificatesBundleS3Key &&
                                outputs.versionId === inputs.caCertificatesBundleS3ObjectVersion,
                        ),
                ({ inputs }) => inputs.caCertificatesBundleS3Key,
            ),
        ],
        create: [unique(refusal("DuplicateTrustStoreName", "A trust store with the same name '%' exists"), "name")],
        delete: [
            unused(refusal("TrustStoreInUse", "The specified trust store '%' is currently in use"), "arn", {
                "aws:lb/listener:Listener": "mutualAuthentication.trustStoreArn",
            }),
        ],
    },
    "aws:acm/certificate:Certificate": {
        delete: [
            unused(refusal("ResourceInUseException", "Certificate % in account is in use."), "arn", {
                "aws:lb/listener:Listener": "certificateArn",
            }),
        ],
    },
    "aws:acm/certificateValidation:CertificateValidation": {
        put: [
            needs(
                "certificateArn",
                aCertificate,
                refusal("ResourceNotFoundException", "Could not find certificate %."),
            ),
            checkEach(
                "validationRecordFqdns",
                refusal("RequestTimeout", "Timed out waiting for the certificate: no DNS record %"),
                (name: string, { account }) =>
                    account
                        .ofType("aws:route53/record:Record")
                        .some(({ outputs }) => String(outputs.fqdn) === name.replace(/\.$/, "")),
            ),
        ],
    },
};
