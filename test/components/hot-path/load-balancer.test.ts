import assert from "node:assert/strict";
import { HotPath, type HotPathArgs } from "../../../components/hot-path";
import { type Recording } from "../../../plan/recording";
import { find, ofType, record } from "../../support/record";
import { hotPathArgs, omsWith, recordHotPath } from "./fixture";

const loadBalancer = "aws:lb/loadBalancer:LoadBalancer";
const listener = "aws:lb/listener:Listener";
const certificate = "aws:acm/certificate:Certificate";
const record53 = "aws:route53/record:Record";
const name = "hot-path-oms";
const dns = { source: "dns", domainName: "oms.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" } as const;

type LoadBalancerSettings = HotPathArgs["oms"]["loadBalancer"];

/** A recording of a stack with this load balancer, and the URL of the OMS in it. */
async function withLoadBalancer(
    settings: Partial<LoadBalancerSettings>,
    overrides: Partial<HotPathArgs> = {},
): Promise<{ recording: Recording; hotPath: HotPath; url: string | undefined }> {
    let url: string | undefined;
    let hotPath: HotPath;
    const recording = await record(() => {
        hotPath = new HotPath("hot-path", hotPathArgs("dev", { oms: omsWith(settings), ...overrides }));
        hotPath.oms.loadBalancerUrl?.apply((value) => (url = value));
    });
    return { recording, hotPath: hotPath!, url };
}

describe("load balancer of the OMS", () => {
    let recording: Recording;
    let url: string | undefined;
    before(async () => {
        ({ recording, url } = await withLoadBalancer({}));
    });

    it("is internal, and made for long streams", () => {
        const group = find(recording, "aws:ec2/securityGroup:SecurityGroup", "hot-path-oms-balancer");
        assert.deepEqual(find(recording, loadBalancer, name).inputs, {
            loadBalancerType: "application",
            internal: true,
            subnets: ["subnet-private-a", "subnet-private-c"],
            securityGroups: [group.id],
            enableHttp2: true,
            idleTimeout: 4000,
            clientKeepAlive: 50400,
            dropInvalidHeaderFields: true,
            desyncMitigationMode: "strictest",
            enableDeletionProtection: false,
            accessLogs: { enabled: true, bucket: "access-logs", prefix: "load-balancers" },
            tags: { component: "hot-path", service: "oms" },
        });
    });

    it("speaks gRPC to tasks, and asks them for their health", () => {
        assert.deepEqual(find(recording, "aws:lb/targetGroup:TargetGroup", name).inputs, {
            vpcId: "vpc-1",
            targetType: "ip",
            port: 50052,
            protocol: "HTTP",
            protocolVersion: "GRPC",
            loadBalancingAlgorithmType: "least_outstanding_requests",
            deregistrationDelay: 60,
            healthCheck: {
                enabled: true,
                protocol: "HTTP",
                port: "traffic-port",
                path: "/grpc.health.v1.Health/Check",
                matcher: "0",
                interval: 10,
                timeout: 5,
                healthyThreshold: 2,
                unhealthyThreshold: 2,
            },
            tags: { component: "hot-path", service: "oms" },
        });
    });

    it("listens with TLS 1.3 or 1.2 on 443, and on nothing else", () => {
        const listeners = ofType(recording, listener);
        assert.equal(listeners.length, 1);
        assert.deepEqual(listeners[0]!.inputs, {
            loadBalancerArn: find(recording, loadBalancer, name).outputs.arn,
            port: 443,
            protocol: "HTTPS",
            sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
            certificateArn: find(recording, certificate, name).outputs.arn,
            defaultActions: [
                {
                    type: "forward",
                    targetGroupArn: find(recording, "aws:lb/targetGroup:TargetGroup", name).outputs.arn,
                },
            ],
            tags: { component: "hot-path", service: "oms" },
        });
    });

    it("lets everybody in whose network it admits, as long as nobody vouches for callers", () => {
        assert.deepEqual(ofType(recording, "aws:lb/trustStore:TrustStore"), []);
        assert.deepEqual(ofType(recording, "aws:s3/bucketObjectv2:BucketObjectv2"), []);
    });

    it("demands a certificate of the authorities in settings, and lets new ones in at an update", async () => {
        const { recording } = await withLoadBalancer({ clientCertificates: "PEM" });
        const [bundle, ...more] = ofType(recording, "aws:s3/bucketObjectv2:BucketObjectv2");
        assert.deepEqual(more, []);
        assert.deepEqual(bundle!.inputs, {
            bucket: "aipx-dev-oms-authorities-123456789012",
            key: "authorities.pem",
            content: "PEM",
            contentType: "application/x-pem-file",
            overrideProvider: { defaultTags: { tags: {} } },
            tags: { component: "hot-path", service: "oms" },
        });
        const store = find(recording, "aws:lb/trustStore:TrustStore", name);
        assert.deepEqual(store.inputs, {
            caCertificatesBundleS3Bucket: "aipx-dev-oms-authorities-123456789012",
            caCertificatesBundleS3Key: "authorities.pem",
            caCertificatesBundleS3ObjectVersion: bundle!.outputs.versionId,
            tags: { component: "hot-path", service: "oms" },
        });
        assert.deepEqual(find(recording, listener, name).inputs.mutualAuthentication, {
            mode: "verify",
            trustStoreArn: store.outputs.arn,
        });
        const other = await withLoadBalancer({ clientCertificates: "PEM 2" });
        const changed = find(other.recording, "aws:lb/trustStore:TrustStore", name).inputs;
        assert.notEqual(changed.caCertificatesBundleS3ObjectVersion, bundle!.outputs.versionId);
    });

    it("is called by its own name", () => {
        assert.equal(url, `https://${find(recording, loadBalancer, name).outputs.dnsName}`);
    });

    it("is locked against deletion unless it is disposable", async () => {
        const kept = await withLoadBalancer({ certificate: dns }, { disposable: false });
        assert.equal(find(kept.recording, loadBalancer, name).inputs.enableDeletionProtection, true);
    });

    it("faces the internet, in public subnets, only if settings say so; tasks never do", async () => {
        const facing = await withLoadBalancer({ internetFacing: true, allowedCidrBlocks: ["203.0.113.0/24"] });
        const { internal, subnets } = find(facing.recording, loadBalancer, name).inputs;
        assert.deepEqual([internal, subnets], [false, ["subnet-public-a", "subnet-public-c"]]);
        const task = find(facing.recording, "aws:ecs/service:Service", name).inputs.networkConfiguration;
        assert.deepEqual([task.assignPublicIp, task.subnets], [false, ["subnet-private-a", "subnet-private-c"]]);
        const rule = find(
            facing.recording,
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "hot-path-oms-balancer-from-203.0.113.0/24",
        );
        assert.deepEqual(
            [rule.inputs.cidrIpv4, rule.inputs.fromPort, rule.inputs.toPort],
            ["203.0.113.0/24", 443, 443],
        );
    });

    it("admits an address range once, however often it is named", async () => {
        const repeated = await withLoadBalancer({ allowedCidrBlocks: ["10.1.0.0/16", "10.1.0.0/16"] });
        find(
            repeated.recording,
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "hot-path-oms-balancer-from-10.1.0.0/16",
        );
    });

    it("waits for a certificate; the OMS does not", async () => {
        const waiting = await withLoadBalancer({ certificate: undefined });
        assert.deepEqual(waiting.hotPath.loadBalancersWaitingForCertificates, ["oms"]);
        assert.equal(waiting.hotPath.oms.loadBalancerUrl, undefined);
        for (const type of [loadBalancer, listener, "aws:lb/targetGroup:TargetGroup", certificate]) {
            assert.deepEqual(ofType(waiting.recording, type), []);
        }
        const { inputs } = find(waiting.recording, "aws:ecs/service:Service", name);
        assert.equal(inputs.loadBalancers, undefined);
        assert.equal(inputs.healthCheckGracePeriodSeconds, undefined);
        assert.deepEqual(inputs.alarms.alarmNames, ["aipx-dev-oms-deployment-errors"]);
    });

    it("refuses a name that AWS would", async () => {
        await assert.rejects(
            record(() => new HotPath("hot-path-of-another-team", hotPathArgs("dev"))),
            /load balancer hot-path-of-another-team-oms: its name has 28 characters; at most 24 are allowed/,
        );
    });
});

describe("certificate of the OMS", () => {
    it("can exist already", async () => {
        const arn = "arn:aws:acm:ap-northeast-2:123456789012:certificate/0a1b2c3d";
        const { recording } = await withLoadBalancer({ certificate: { source: "existing", arn } });
        assert.equal(find(recording, listener, name).inputs.certificateArn, arn);
        assert.deepEqual(ofType(recording, certificate), []);
        assert.deepEqual(ofType(recording, record53), []);
    });

    it("can be issued for a domain, which leads to the load balancer", async () => {
        const { recording, url } = await withLoadBalancer({ certificate: dns });
        const issued = find(recording, certificate, name);
        assert.equal(issued.inputs.domainName, "oms.example.com");
        assert.equal(issued.inputs.validationMethod, "DNS");
        const proof = find(recording, record53, "hot-path-oms-validation-oms.example.com");
        const [option] = issued.outputs.domainValidationOptions;
        assert.deepEqual(proof.inputs, {
            zoneId: "Z0123456789ABCDEFGHIJ",
            name: option.resourceRecordName,
            type: option.resourceRecordType,
            records: [option.resourceRecordValue],
            ttl: 300,
            allowOverwrite: true,
        });
        const validation = find(recording, "aws:acm/certificateValidation:CertificateValidation", name);
        assert.deepEqual(validation.inputs, {
            certificateArn: issued.outputs.arn,
            validationRecordFqdns: [proof.outputs.fqdn],
        });
        const served = find(recording, listener, name);
        assert.equal(served.inputs.certificateArn, issued.outputs.arn);
        assert.ok(
            served.propertyDependencies.certificateArn?.includes(validation.urn),
            "served only once it is issued",
        );
        const balancer = find(recording, loadBalancer, name);
        assert.deepEqual(find(recording, record53, "hot-path-oms-oms.example.com").inputs, {
            zoneId: "Z0123456789ABCDEFGHIJ",
            name: "oms.example.com",
            type: "A",
            aliases: [{ name: balancer.outputs.dnsName, zoneId: balancer.outputs.zoneId, evaluateTargetHealth: false }],
        });
        assert.equal(url, "https://oms.example.com");
    });

    it("can be self-signed, made out to the load balancer, with its key a secret", async () => {
        const { recording } = await recordHotPath();
        const key = find(recording, "tls:index/privateKey:PrivateKey", name);
        assert.deepEqual(key.inputs, { algorithm: "ECDSA", ecdsaCurve: "P256" });
        const signed = find(recording, "tls:index/selfSignedCert:SelfSignedCert", name);
        assert.deepEqual(signed.inputs.dnsNames, [find(recording, loadBalancer, name).outputs.dnsName]);
        assert.deepEqual(signed.inputs.allowedUses, ["digital_signature", "server_auth"]);
        assert.deepEqual([signed.inputs.validityPeriodHours, signed.inputs.earlyRenewalHours], [8760, 720]);
        assert.deepEqual(signed.secretInputs, ["privateKeyPem"]);
        const imported = find(recording, certificate, name);
        assert.equal(imported.inputs.certificateBody, signed.outputs.certPem);
        assert.equal(imported.inputs.privateKey, key.outputs.privateKeyPem);
        assert.deepEqual(imported.secretInputs, ["privateKey"]);
    });

    it("is not self-signed where data matters", async () => {
        await assert.rejects(
            recordHotPath({ disposable: false }),
            /hot path hot-path: oms\.loadBalancer\.certificate\.source is "self-signed", which is allowed only if disposable/,
        );
    });
});
