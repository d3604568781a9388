import { loadBalancingRules } from "../../../policy-pack/rules/load-balancing";
import { type Subject, unknown } from "../support/pack";
import { changed, describeRules, property } from "../support/table";

const loadBalancer = "aws:lb/loadBalancer:LoadBalancer";
const listener = "aws:lb/listener:Listener";
const targetGroup = "aws:alb/targetGroup:TargetGroup";

const balancerProps = {
    internal: true,
    accessLogs: { enabled: true, bucket: "logs" },
    dropInvalidHeaderFields: true,
    enableDeletionProtection: true,
    desyncMitigationMode: "strictest",
    subnets: ["subnet-1", "subnet-2"],
};
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } };
const forward = { type: "forward", targetGroupArn: "arn" };
const listenerProps = {
    protocol: "HTTPS",
    port: 443,
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    certificateArn: "arn:aws:acm:ap-northeast-2:123456789012:certificate/1",
    defaultActions: [forward],
};
const groupProps = {
    protocol: "HTTPS",
    protocolVersion: "GRPC",
    healthCheck: { protocol: "HTTPS", matcher: "0", path: "/" },
};

const http = { type: listener, name: "http", props: { protocol: "HTTP", port: 80, defaultActions: [redirect] } };
const listenerRule = (actions: unknown, listenerName = "http"): Subject => ({
    type: "aws:lb/listenerRule:ListenerRule",
    name: "rule",
    props: { actions, listenerArn: unknown },
    refersTo: { listenerArn: listenerName },
});

const grpc = (protocolVersion: unknown = "GRPC"): Subject => ({
    type: targetGroup,
    name: "group",
    props: { protocolVersion },
});
const before = (protocol: unknown): Subject => ({
    type: listener,
    name: "listener",
    props: { protocol, defaultActions: [{ type: "forward", targetGroupArn: unknown }] },
    refersTo: { defaultActions: "group" },
});

const balancer = (props = {}): Subject => ({ type: loadBalancer, name: "balancer", props });
const association: Subject = {
    type: "aws:wafv2/webAclAssociation:WebAclAssociation",
    name: "association",
    props: { resourceArn: unknown, webAclArn: unknown },
    refersTo: { resourceArn: "balancer", webAclArn: "acl" },
};
const badInputs = { statement: { managedRuleGroupStatement: { name: "AWSManagedRulesKnownBadInputsRuleSet" } } };
const acl = (rules: unknown): Subject => ({ type: "aws:wafv2/webAcl:WebAcl", name: "acl", props: { rules } });

describeRules("load balancing", loadBalancingRules, {
    "lb-listener-require-tls": [
        ...property(listener, listenerProps, "protocol", ["TCP", "HTTP", undefined, 5], {
            right: ["TLS"],
            message: "HTTPS",
        }),
        { title: "accepts a redirect", subjects: http },
        {
            title: "refuses a redirect to HTTP",
            subjects: {
                ...http,
                props: { ...http.props, defaultActions: [{ type: "redirect", redirect: { protocol: "HTTP" } }] },
            },
            fails: ["redirect"],
        },
        {
            title: "refuses no action",
            subjects: { ...http, props: { ...http.props, defaultActions: [] } },
            fails: ["redirect"],
        },
        {
            title: "leaves gateway load balancers alone",
            subjects: { type: listener, props: { defaultActions: [forward] } },
        },
    ],
    "lb-listener-rule-require-tls": [
        { title: "accepts redirects", subjects: [http, listenerRule([redirect])] },
        { title: "refuses to forward", subjects: [http, listenerRule([forward])], fails: ["redirect"] },
        {
            title: "accepts to forward from HTTPS",
            subjects: [{ type: listener, name: "http", props: listenerProps }, listenerRule([forward])],
        },
        {
            title: "waits for the listener's protocol",
            subjects: [{ ...http, props: changed(http.props, "protocol", unknown) }, listenerRule([forward])],
            undetermined: "protocol",
        },
    ],
    "lb-listener-require-tls-policy": property(
        listener,
        listenerProps,
        "sslPolicy",
        [
            undefined,
            "ELBSecurityPolicy-2016-08",
            "ELBSecurityPolicy-TLS13-1-0-2021-06",
            "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06",
            7,
        ],
        { right: ["ELBSecurityPolicy-TLS13-1-3-2021-06", "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04"] },
    ),
    "lb-listener-require-acm-certificate": property(listener, listenerProps, "certificateArn", [
        undefined,
        "arn:aws:iam::123456789012:server-certificate/old",
    ]),
    "lb-target-group-require-tls": [
        ...property(targetGroup, groupProps, "protocol", ["HTTP", "TCP", undefined], { right: ["TLS", "GENEVE"] }),
        { title: "leaves functions alone", subjects: { type: targetGroup, props: { targetType: "lambda" } } },
    ],
    "lb-target-group-require-health-check": property(
        targetGroup,
        groupProps,
        "healthCheck",
        [undefined, {}, { enabled: false }, "x"],
        {
            right: [{ enabled: true }],
        },
    ),
    "lb-target-group-require-tls-health-check": property(targetGroup, groupProps, "healthCheck.protocol", [
        undefined,
        "HTTP",
    ]),
    "lb-target-group-require-grpc-matcher": property(targetGroup, groupProps, "healthCheck.matcher", [
        undefined,
        "12",
        "0-99",
    ]),
    "lb-target-group-require-grpc-listener": [
        { title: "accepts HTTPS", subjects: [grpc(), before("HTTPS")] },
        { title: "refuses HTTP", subjects: [grpc(), before("HTTP")], fails: ["HTTPS"] },
        { title: "accepts HTTP before other targets", subjects: [grpc("HTTP1"), before("HTTP")] },
        {
            title: "refuses HTTP with a rule",
            subjects: [
                grpc(),
                http,
                { ...listenerRule([forward]), refersTo: { listenerArn: "http", actions: "group" } },
            ],
            fails: ["HTTPS"],
        },
        { title: "waits for the protocol", subjects: [grpc(), before(unknown)], undetermined: "protocol" },
        { title: "waits for the version", subjects: [grpc(unknown), before("HTTP")], undetermined: "protocolVersion" },
    ],
    "lb-load-balancer-require-access-logs": property(loadBalancer, balancerProps, "accessLogs", [
        undefined,
        { enabled: false, bucket: "logs" },
        { bucket: "logs" },
        { enabled: true, bucket: "" },
        "yes",
    ]),
    "lb-load-balancer-require-drop-invalid-headers": [
        ...property("aws:alb/loadBalancer:LoadBalancer", balancerProps, "dropInvalidHeaderFields", [undefined, false]),
        { title: "leaves network load balancers alone", subjects: balancer({ loadBalancerType: "network" }) },
    ],
    "lb-load-balancer-require-deletion-protection": property(loadBalancer, balancerProps, "enableDeletionProtection", [
        undefined,
        false,
    ]),
    "lb-load-balancer-require-desync-mitigation": property(
        loadBalancer,
        balancerProps,
        "desyncMitigationMode",
        ["monitor"],
        {
            right: [undefined, "defensive"],
        },
    ),
    "lb-load-balancer-require-zones": [
        ...property(loadBalancer, balancerProps, "subnets", [["subnet-1"], 3], { right: [[unknown, unknown]] }),
        { title: "refuses none", subjects: balancer(), fails: ["subnets"] },
        { title: "accepts mappings", subjects: balancer({ subnetMappings: [{ subnetId: "1" }, { subnetId: "2" }] }) },
    ],
    "lb-load-balancer-require-cross-zone": property(
        loadBalancer,
        { loadBalancerType: "network", enableCrossZoneLoadBalancing: true },
        "enableCrossZoneLoadBalancing",
        [undefined, false],
    ),
    "lb-load-balancer-require-waf": [
        { title: "accepts a web ACL with known bad inputs", subjects: [balancer(), association, acl([badInputs])] },
        { title: "leaves internal ones alone", subjects: balancer({ internal: true }) },
        { title: "refuses none", subjects: balancer(), fails: ["web ACL"] },
        { title: "refuses other rules", subjects: [balancer(), association, acl([{}])], fails: ["KnownBadInputs"] },
        {
            title: "refuses to count only",
            subjects: [balancer(), association, acl([{ ...badInputs, overrideAction: { count: {} } }])],
            fails: ["KnownBadInputs"],
        },
        { title: "waits for internal", subjects: balancer({ internal: unknown }), undetermined: "internal" },
        {
            title: "waits for the type",
            subjects: balancer({ loadBalancerType: unknown }),
            undetermined: "loadBalancerType",
        },
        { title: "waits for the rules", subjects: [balancer(), association, acl(unknown)], undetermined: "rules" },
    ],
    "lb-load-balancer-require-internal": property(loadBalancer, balancerProps, "internal", [undefined, false, "true"]),
    "servicediscovery-namespace-require-private": [
        {
            title: "accepts private ones",
            subjects: { type: "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", props: { name: "a" } },
        },
        ...["a.example.com", unknown].map((name) => ({
            title: `does not accept public ${name}`,
            subjects: { type: "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace", props: { name } },
            ...(name === unknown ? { undetermined: "name" } : { fails: ["PrivateDnsNamespace"] }),
        })),
    ],
});
