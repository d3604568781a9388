// Rules that all containers, or all functions, have in common.

export const allImages = [
    "Images are built for one architecture, the stack's (`--platform linux/arm64`), and pushed to the service's own repository with a " +
        "tag of their own: tags are never moved. `pulumi stack output pushCommands` has the exact commands.",
    "Configuration comes in environment variables. Whatever is missing or cannot be read ends the start with an error that names the " +
        "variable. No file of configuration is needed, and none is there.",
    "Times between machines carry an offset. The process's own zone is Korean time (`TZ`); there is no daylight saving time. Images " +
        "without `/usr/share/zoneinfo` (from scratch) must bring their time zones along, or `TZ` is silently UTC.",
    "Deliveries are at least once: Kafka, events, gRPC after a reconnection. Everything that a service does must be right when it is " +
        "asked twice. Only the cognitive service gets each message at most once.",
    "Fields that are not known are ignored when reading. A `schemaVersion` that is not known is an error.",
    "Clocks of AWS are right to a few milliseconds. Expiry of intents and tokens is judged by them.",
    "Logs hold ids and codes: no secret, token, account number, or anything that people write to the agent.",
];

export const containers = [
    "The root file system is read-only; `/tmp` is writable, and takes its space from the task's memory. Nothing is kept when a task ends.",
    "The process runs as user and group 65532 (`nonroot` of distroless images), without capabilities. Ports below 1024 cannot be opened.",
    "The image brings the program `/healthcheck`, executable for that user, with what it needs: there is no shell that would run a " +
        "script in a distroless image. ECS starts it inside the container, without the image's entry point.",
    "`/healthcheck live` exits with 0 as long as the process makes progress: its event loop turns, its threads are not stuck. It asks " +
        "nobody else: a broker, a database or KIS that is down is no reason to be killed, and a restart would mend nothing. Without an " +
        "argument it does the same.",
    "`/healthcheck ready` exits with 0 when the service can do its work. Nobody restarts it for that; people and tools ask it.",
    "An init process is process 1 and hands signals on. SIGTERM means: end. What has not ended when the stop timeout is over is killed.",
    "With `AIPX_SELF_TEST=true` the process checks itself and exits within two minutes: 0 if it could start with this configuration " +
        "(variables are there and can be read, code loads, certificates and time zones are found, `/tmp` is writable, `/healthcheck` " +
        "is executable), something else and a log line if not. It has the service's roles and secrets, reaches AWS's APIs only, and opens " +
        "no connection to KIS, to stores or to other services. It runs before a service gets a new revision: if it fails, `pulumi up` " +
        "fails with the last lines of its log, and the service keeps what it has.",
    "Logs: one JSON object a line on stdout, UTF-8, at most 16 KB. ECS drops lines when its buffer is full, rather than hold the service up.",
    "Rights on shell channels and their log are there only in stacks in which people may open a shell; the image needs none of them.",
    "Credentials of the task's role come from the address in `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, and the region from " +
        "`AWS_REGION`: ECS sets both, and AWS's SDKs find them by themselves.",
];

export const functions = [
    "The image has a runtime interface client: AWS's base images (`public.ecr.aws/lambda/...`) bring it, others install it " +
        "(`awslambdaric` for Python, `aws-lambda-go`, `aws-lambda-ric` for Node.js). The image's command names the handler.",
    "Lambda takes images for one architecture, without attestations: `docker buildx build --platform linux/arm64 --provenance=false`. " +
        "At most 10 GB uncompressed; small images start sooner.",
    "The file system is read-only but for `/tmp` (512 MB), which stays between invocations of one environment. All files that the " +
        "code needs must be readable by every user.",
    "What is outside the handler runs once for each environment, within 10 seconds; after that it runs again, inside the first " +
        "invocation's time. Open connections there or at the first use, and keep them.",
    "Between invocations the environment is frozen: no thread, timer or keep-alive runs. It may be thawed after minutes with dead " +
        "connections, or end without notice. Finish everything before the handler returns.",
    "One environment handles one invocation at a time. There may be many environments: state in memory is a cache and no truth.",
    "Logs: what the runtime's logger writes is JSON already (`logging` in Python, `console` in Node.js, `slog` in Go with a JSON " +
        "handler); level INFO and above is kept. An exception that leaves the handler is the failure that is counted.",
    "Credentials of the role and the region come in environment variables that Lambda sets (`AWS_REGION`, `AWS_ACCESS_KEY_ID` ...). " +
        "Signing a token for Redis or PostgreSQL needs no call to AWS.",
    "Statements about Kafka, network interfaces, traces and failures in a function's role are for Lambda itself, which acts with it.",
];

/** A container image that keeps these rules, in Go. */
export const containerExample = `
FROM --platform=$BUILDPLATFORM golang:1.25 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -o /out/ ./cmd/oms ./cmd/healthcheck

# Brings certificates of public authorities, time zones and the user 65532; no shell.
FROM gcr.io/distroless/static-debian12:nonroot
ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/ap-northeast-2/ap-northeast-2-bundle.pem /etc/ssl/rds.pem
COPY --from=build /out/healthcheck /healthcheck
COPY --from=build /out/oms /oms
ENTRYPOINT ["/oms"]
`;

/** A function's image that keeps these rules, in Python. */
export const functionExample = `
FROM public.ecr.aws/lambda/python:3.13
COPY requirements.txt .
RUN pip install --no-cache-dir --requirement requirements.txt
COPY strategy.py .
CMD ["strategy.handler"]
`;

export const kis = [
    "The broker's own documentation is at https://apiportal.koreainvestment.com; what follows is what it does not say, or not loudly.",
    "One WebSocket session for each app key. A second one is refused (`OPSP8996`, ALREADY IN USE); nobody but the feed opens one.",
    "At most 41 registrations in a session, all kinds together. The feed counts them and refuses to start with more.",
    "KIS blocks keys and addresses that connect and disconnect in a loop. Pauses grow from 1 s to 60 s, with jitter, and begin anew " +
        "only after a session has lasted 60 s; between opening and closing there is at least 1 s. They go on inside the process: it " +
        "does not end because KIS is down.",
    "The server sends `PINGPONG` as a message of the protocol: it is echoed as it came. Pings of the WebSocket library are off: KIS " +
        "does not answer them, and the library would close a session that works.",
    "A session can die in silence. Any message counts as a sign of life, `PINGPONG` too; after 90 s without any, the session is " +
        "closed and opened anew. Silence of data alone says nothing: stocks rest, markets close.",
    "The approval key (`/oauth2/Approval`) lasts 24 h and is looked at when a session is opened only. Each feed asks for its own, with " +
        "its own app key.",
    "Access tokens (`/oauth2/tokenP`) last 24 h; asked for again within 6 h, the same one comes back, and each issue sends the owner a " +
        "message. One a minute at most (`EGW00133`). The OMS alone asks for them, and its tasks share one.",
    "REST: 20 requests a second live, 2 in paper trading, for the account and app key, all tasks together (`EGW00201`, `EGW00215`). " +
        "Bodies must not be chunked.",
];
