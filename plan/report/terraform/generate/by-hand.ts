// Names that pulumi-aws chose by hand (provider/resources.go), where no rule leads from one to the other. They are believed only
// if all else of the type fits, too.

/** Terraform types by Pulumi's. */
export const types: Record<string, string> = {
    "aws:account/alternativeContact:AlternativeContact": "aws_account_alternate_contact",
    "aws:alb/loadBalancer:LoadBalancer": "aws_alb",
    "aws:cloudwatch/internetMonitor:InternetMonitor": "aws_internetmonitor_monitor",
    "aws:codeartifact/domainPermissions:DomainPermissions": "aws_codeartifact_domain_permissions_policy",
    "aws:codedeploy/application:Application": "aws_codedeploy_app",
    "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment": "aws_cognito_identity_pool_roles_attachment",
    "aws:datasync/efsLocation:EfsLocation": "aws_datasync_location_efs",
    "aws:datasync/nfsLocation:NfsLocation": "aws_datasync_location_nfs",
    "aws:datasync/s3Location:S3Location": "aws_datasync_location_s3",
    "aws:directconnect/linkAggregationGroup:LinkAggregationGroup": "aws_dx_lag",
    "aws:ec2/dedicatedHost:DedicatedHost": "aws_ec2_host",
    "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment":
        "aws_network_interface_sg_attachment",
    "aws:elb/loadBalancer:LoadBalancer": "aws_elb",
    "aws:elb/loadBalancerCookieStickinessPolicy:LoadBalancerCookieStickinessPolicy": "aws_lb_cookie_stickiness_policy",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:rds/eventSubscription:EventSubscription": "aws_db_event_subscription",
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": "aws_s3_bucket_replication_configuration",
};

/** Terraform's fields by Pulumi's type and property. */
export const fields: Record<string, Record<string, string>> = {
    "aws:apigateway/basePathMapping:BasePathMapping": { restApi: "api_id" },
    "aws:apigateway/vpcLink:VpcLink": { targetArn: "target_arns" },
    "aws:elasticbeanstalk/environment:Environment": { version: "version_label" },
    "aws:lambda/function:Function": { code: "filename" },
    "aws:lambda/layerVersion:LayerVersion": { code: "filename" },
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": { routingRuleDetails: "routing_rule" },
};

/** Properties of Pulumi's own, or of a newer provider than the table is made from. */
export const unknown: Record<string, string[]> = {
    "aws:eks/cluster:Cluster": ["defaultAddonsToRemoves"],
    "tls:index/certRequest:CertRequest": ["privateKeyPemWo", "privateKeyPemWoVersion"],
    "tls:index/locallySignedCert:LocallySignedCert": ["caPrivateKeyPemWo", "caPrivateKeyPemWoVersion", "maxPathLength"],
    "tls:index/selfSignedCert:SelfSignedCert": ["maxPathLength", "privateKeyPemWo", "privateKeyPemWoVersion"],
};
