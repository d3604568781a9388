import { every, where } from "../core/answer";
import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isSet, madeOf, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { subnetTypes } from "../graph/routes";

// The same resources had several modules over time.
const modules = ["lb", "alb", "elasticloadbalancingv2", "applicationloadbalancing"];
const tokens = (name: string): string[] => modules.map((module) => `aws:${module}/${name}`);
const loadBalancers = tokens("loadBalancer:LoadBalancer");
const listeners = tokens("listener:Listener");
const listenerRules = tokens("listenerRule:ListenerRule");
const targetGroups = tokens("targetGroup:TargetGroup");

const isEncrypted = is("HTTPS", "TLS");
const hasTls = where(isEncrypted, "protocol");
const isApplication = where((type) => type.isAbsent || type.raw === "application", "loadBalancerType");
const isNotLambda = where((type) => type.raw !== "lambda", "targetType");
const isNotGateway = where((protocol) => protocol.raw !== "GENEVE", "protocol");
const isGrpc = where(is("GRPC"), "protocolVersion");

/** Policies that allow nothing older than TLS 1.2, and only ciphers with forward secrecy and authentication. */
const tlsPolicy = /^ELBSecurityPolicy-TLS13-1-[23](-Res)?(-FIPS)?(-PQ)?-\d{4}-\d{2}$/;

export const loadBalancingRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "lb-listener-require-tls",
        description: "Listeners must speak TLS; an HTTP listener may only redirect to HTTPS.",
        severity: "high",
        category: "encryption-in-transit",
        controls: ["ALB-126", "ALB-127"],
        remediation:
            'Set protocol to "HTTPS" (network load balancers: "TLS"), or make every default action of an HTTP listener a redirect with redirect.protocol "HTTPS".',
        types: listeners,
        check(resource: Resource, check: Check): void {
            const protocol = resource.props.at("protocol");
            // Listeners of gateway load balancers have neither; those of application load balancers are HTTP by default.
            if (protocol.isAbsent && resource.props.at("port").isAbsent) {
                return;
            }
            const actions = resource.props.at("defaultActions");
            if (protocol.isAbsent || protocol.raw === "HTTP") {
                check.must(
                    resource,
                    actions,
                    onlyRedirects,
                    'The listener must be "HTTPS", or only redirect to HTTPS.',
                );
            } else {
                check.must(resource, protocol, isEncrypted, 'protocol must be "HTTPS" or "TLS".');
            }
        },
    },
    {
        kind: "stack",
        name: "lb-listener-rule-require-tls",
        description: "Rules of HTTP listeners must only redirect to HTTPS, as their default actions.",
        severity: "high",
        category: "encryption-in-transit",
        controls: ["ALB-127"],
        remediation:
            'Attach the rule to the HTTPS listener, or make each of its actions a redirect with redirect.protocol "HTTPS".',
        check(stack: Stack, check: Check): void {
            for (const rule of stack.ofType(...listenerRules)) {
                for (const listener of stack.references(rule, "listenerArn", listeners)) {
                    const protocol = listener.props.at("protocol");
                    const actions = rule.props.at("actions");
                    if (protocol.isUnknown && !onlyRedirects(actions)) {
                        check.undetermined(listener, protocol);
                    } else if (protocol.isAbsent || protocol.raw === "HTTP") {
                        check.must(
                            rule,
                            actions,
                            onlyRedirects,
                            "A rule of an HTTP listener must only redirect to HTTPS.",
                        );
                    }
                }
            }
        },
    },
    propertyRule({
        name: "lb-listener-require-tls-policy",
        description:
            "TLS listeners must use a policy of TLS 1.2 or newer with forward secrecy. AWS's default allows TLS 1.0.",
        severity: "high",
        category: "encryption-in-transit",
        controls: ["ALB-128"],
        remediation:
            'Set sslPolicy to "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" or a newer policy of the TLS13-1-2 or TLS13-1-3 family.',
        parameters: {
            additionalPolicies: {
                description: "Policies that are allowed besides those of the families TLS13-1-2 and TLS13-1-3.",
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        types: listeners,
        path: ["sslPolicy"],
        when: hasTls,
        test: (policy, check) =>
            tlsPolicy.test(policy.text ?? "") || listed(check, "additionalPolicies").includes(policy.raw),
        message: 'sslPolicy must be "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" or newer.',
    }),
    propertyRule({
        name: "lb-listener-require-acm-certificate",
        description: "TLS listeners must use a certificate of ACM, which renews it.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["ALB-129"],
        remediation: "Set certificateArn to the ARN of an ACM certificate, not of an IAM server certificate.",
        types: listeners,
        path: ["certificateArn"],
        when: hasTls,
        test: ({ text = "" }) => /^arn:aws[a-z-]*:acm:/.test(text),
        from: madeOf(["aws:acm/certificate:Certificate", "aws:acm/certificateValidation:CertificateValidation"]),
        message: "certificateArn must be the ARN of an ACM certificate.",
    }),
    propertyRule({
        name: "lb-target-group-require-tls",
        description: "Traffic from the load balancer to its targets must be encrypted.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["ALB-130"],
        remediation:
            'Set protocol to "HTTPS" (network load balancers: "TLS") and let the targets serve TLS; a self-signed certificate is enough.',
        types: targetGroups,
        path: ["protocol"],
        when: every(isNotLambda, isNotGateway),
        test: isEncrypted,
        message: 'protocol must be "HTTPS" or "TLS".',
    }),
    propertyRule({
        name: "lb-target-group-require-health-check",
        description: "Target groups must say how their targets are checked.",
        severity: "medium",
        category: "resilience",
        controls: ["ALB-131"],
        remediation:
            "Set healthCheck, with enabled left out or true, and the path that tells whether the service works.",
        types: targetGroups,
        path: ["healthCheck"],
        when: isNotLambda,
        test: (healthCheck) =>
            healthCheck.entries().length > 0 && [undefined, true].includes(healthCheck.at("enabled").raw as boolean),
        message: "healthCheck must be set and enabled.",
    }),
    propertyRule({
        name: "lb-target-group-require-tls-health-check",
        description: "Where traffic to the targets is encrypted, health checks must be as well.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["ALB-131"],
        remediation: 'Set healthCheck.protocol to "HTTPS".',
        types: targetGroups,
        path: ["healthCheck", "protocol"],
        when: every(isNotLambda, where(is("HTTPS"), "protocol")),
        test: is("HTTPS"),
        message: 'healthCheck.protocol must be "HTTPS".',
    }),
    propertyRule({
        name: "lb-target-group-require-grpc-matcher",
        description:
            "gRPC health checks must say which status is healthy. AWS's default is 12, unimplemented: any gRPC server passes.",
        severity: "medium",
        category: "resilience",
        controls: ["ALB-131"],
        remediation: 'Set healthCheck.matcher to "0" and healthCheck.path to "/grpc.health.v1.Health/Check".',
        types: targetGroups,
        path: ["healthCheck", "matcher"],
        when: isGrpc,
        test: ({ number }) => number === 0,
        message: 'healthCheck.matcher must be "0".',
    }),
    {
        kind: "stack",
        name: "lb-target-group-require-grpc-listener",
        description: "gRPC target groups must only be behind HTTPS listeners: load balancers speak gRPC nowhere else.",
        severity: "medium",
        category: "encryption-in-transit",
        controls: ["ALB-126"],
        remediation: 'Set protocol of the listener to "HTTPS", or protocolVersion of the target group to "HTTP1".',
        check(stack: Stack, check: Check): void {
            for (const group of stack.ofType(...targetGroups)) {
                const version = group.props.at("protocolVersion");
                if (version.raw !== "GRPC" && !version.isUnknown) {
                    continue;
                }
                for (const listener of listenersOf(stack, group)) {
                    const protocol = listener.props.at("protocol");
                    if (version.isUnknown && protocol.raw !== "HTTPS") {
                        check.undetermined(group, version);
                    } else {
                        check.must(
                            listener,
                            protocol,
                            is("HTTPS"),
                            'protocol must be "HTTPS" in front of gRPC targets.',
                        );
                    }
                }
            }
        },
    },
    propertyRule({
        name: "lb-load-balancer-require-access-logs",
        description: "Load balancers must log requests.",
        severity: "medium",
        category: "logging",
        controls: ["ALB-132"],
        remediation:
            "Set accessLogs.enabled to true and accessLogs.bucket to a bucket that load balancers may write to.",
        types: loadBalancers,
        path: ["accessLogs"],
        when: where((type) => type.raw !== "gateway", "loadBalancerType"),
        test: (logs) => logs.at("enabled").raw === true && isSet(logs.at("bucket")),
        message: "accessLogs must be enabled, with a bucket.",
    }),
    propertyRule({
        name: "lb-load-balancer-require-drop-invalid-headers",
        description: "Application load balancers must drop headers that are not valid HTTP.",
        severity: "medium",
        category: "network",
        controls: ["ALB-133"],
        remediation: "Set dropInvalidHeaderFields to true.",
        types: loadBalancers,
        path: ["dropInvalidHeaderFields"],
        when: isApplication,
        test: is(true),
        message: "dropInvalidHeaderFields must be true.",
    }),
    propertyRule({
        name: "lb-load-balancer-require-deletion-protection",
        description: "Load balancers must be protected against deletion.",
        severity: "medium",
        category: "resilience",
        controls: ["ALB-134"],
        remediation: "Set enableDeletionProtection to true.",
        parameters: {
            required: { description: "Whether protection is required in this stack.", type: "boolean", default: true },
        },
        types: loadBalancers,
        path: ["enableDeletionProtection"],
        when: (_resource, check) => check.parameter("required") !== false,
        test: is(true),
        message: "enableDeletionProtection must be true.",
    }),
    propertyRule({
        name: "lb-load-balancer-require-desync-mitigation",
        description: "Application load balancers must mitigate request smuggling.",
        severity: "medium",
        category: "network",
        controls: ["ALB-135"],
        remediation: 'Set desyncMitigationMode to "defensive" (AWS\'s default) or "strictest".',
        types: loadBalancers,
        path: ["desyncMitigationMode"],
        when: isApplication,
        test: is(undefined, null, "defensive", "strictest"),
        message: 'desyncMitigationMode must be "defensive" or "strictest".',
    }),
    {
        kind: "resource",
        name: "lb-load-balancer-require-zones",
        description: "Load balancers must be in several availability zones.",
        severity: "medium",
        category: "resilience",
        controls: ["ALB-136"],
        remediation: "Give subnets (or subnetMappings) a subnet in each of at least two availability zones.",
        parameters: {
            minimum: { description: "Number of subnets, one by zone.", type: "integer", minimum: 1, default: 2 },
        },
        types: loadBalancers,
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const subnets = isSet(props.at("subnets")) ? props.at("subnets") : props.at("subnetMappings");
            const minimum = check.parameter<number>("minimum");
            const message = `There must be at least ${minimum} subnets in different availability zones.`;
            check.must(
                resource,
                subnets,
                (list) => list.items().length >= minimum,
                message,
                madeOf(subnetTypes, minimum),
            );
        },
    },
    propertyRule({
        name: "lb-load-balancer-require-cross-zone",
        description:
            "Network and gateway load balancers must balance across zones, or a zone with fewer targets is overloaded.",
        severity: "low",
        category: "resilience",
        controls: ["ALB-137"],
        remediation: "Set enableCrossZoneLoadBalancing to true.",
        types: loadBalancers,
        path: ["enableCrossZoneLoadBalancing"],
        when: where(is("network", "gateway"), "loadBalancerType"),
        test: is(true),
        message: "enableCrossZoneLoadBalancing must be true.",
    }),
    {
        kind: "stack",
        name: "lb-load-balancer-require-waf",
        description:
            "Public application load balancers must be behind a web ACL that blocks known bad inputs, Log4Shell among them.",
        severity: "medium",
        category: "network",
        controls: ["ALB-138"],
        remediation:
            "Associate an aws.wafv2.WebAcl by aws.wafv2.WebAclAssociation, with managed rule group AWSManagedRulesKnownBadInputsRuleSet that is not overridden to count.",
        check(stack: Stack, check: Check): void {
            for (const balancer of stack.ofType(...loadBalancers)) {
                const internal = balancer.props.at("internal");
                const type = balancer.props.at("loadBalancerType");
                if (internal.raw === true || !(type.isAbsent || type.isUnknown || type.raw === "application")) {
                    continue;
                }
                const associations = stack.referrers(balancer, "resourceArn", webAclAssociations);
                if (associations.length === 0) {
                    const message = "A public load balancer must have a web ACL.";
                    check.must(balancer, internal.isUnknown ? internal : type, () => type.isUnknown, message);
                    continue;
                }
                for (const acl of associations.flatMap((it) => stack.references(it, "webAclArn", webAcls))) {
                    const rules = [
                        acl.props.at("rules"),
                        ...stack.referrers(acl, "webAclArn", webAclRules).map((r) => r.props),
                    ];
                    const values = rules.flatMap((rule) => rule.items());
                    if (!values.some(blocksKnownBadInputs)) {
                        const message = "The web ACL must have rule group AWSManagedRulesKnownBadInputsRuleSet.";
                        check.must(acl, values.find(({ hasUnknown }) => hasUnknown) ?? rules[0]!, () => false, message);
                    }
                }
            }
        },
    },
    {
        kind: "resource",
        name: "lb-load-balancer-require-internal",
        description: "Load balancers must be internal, unless they are declared public.",
        severity: "high",
        category: "network",
        controls: ["ALB-139"],
        remediation: "Set internal to true, or list the resource's name in the parameter `public` of this policy.",
        parameters: {
            public: {
                description: "Logical names of the load balancers that face the internet on purpose.",
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        types: loadBalancers,
        check(resource: Resource, check: Check): void {
            if (!listed(check, "public").includes(resource.name)) {
                check.must(resource, resource.props.at("internal"), is(true), "internal must be true.");
            }
        },
    },
    propertyRule({
        name: "servicediscovery-namespace-require-private",
        description: "Services must be found by private names only, unless a namespace is declared public.",
        severity: "high",
        category: "network",
        controls: [],
        remediation: "Use aws.servicediscovery.PrivateDnsNamespace or HttpNamespace.",
        parameters: {
            public: {
                description: "Domain names of the namespaces that are public on purpose.",
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        types: ["aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace"],
        path: ["name"],
        test: ({ raw }, check) => listed(check, "public").includes(raw),
        message: "The namespace must be a PrivateDnsNamespace, or be listed as public.",
    }),
];

/** Controls of load balancing that no rule can enforce, and why. */
export const loadBalancingNotApplicable: Readonly<Record<string, string>> = {};

const webAclAssociations = ["aws:wafv2/webAclAssociation:WebAclAssociation"];
const webAcls = ["aws:wafv2/webAcl:WebAcl"];
const webAclRules = ["aws:wafv2/webAclRule:WebAclRule"];

function onlyRedirects(actions: Value): boolean {
    const all = actions.items();
    return (
        all.length > 0 &&
        all.every((action) => action.at("type").raw === "redirect" && action.at("redirect", "protocol").raw === "HTTPS")
    );
}

/** Listeners that send requests to a target group, directly or by a rule. */
function listenersOf(stack: Stack, group: Resource): Resource[] {
    const byRules = stack
        .referrers(group, "actions", listenerRules)
        .flatMap((rule) => stack.references(rule, "listenerArn", listeners));
    return [...new Set([...stack.referrers(group, "defaultActions", listeners), ...byRules])];
}

const blocksKnownBadInputs = (rule: Value): boolean =>
    rule.at("statement", "managedRuleGroupStatement", "name").raw === "AWSManagedRulesKnownBadInputsRuleSet" &&
    rule.at("overrideAction", "count").isAbsent;

const listed = (check: Check, parameter: string): unknown[] => [check.parameter<unknown>(parameter)].flat();
