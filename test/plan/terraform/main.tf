# The resources of program.ts in HCL, written by hand. terraform-plan.json is what Terraform plans for it.

provider "aws" {
  region = "ap-northeast-2"

  default_tags {
    tags = {
      environment = "dev"
    }
  }
}

resource "aws_kms_key" "data" {
  description         = "Data"
  enable_key_rotation = true
}

resource "aws_kms_alias" "data" {
  name          = "alias/sample-data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_s3_bucket" "data" {
  bucket = "sample-data"
}

resource "aws_s3_bucket" "logs" {
  bucket = "sample-logs"
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "data/"
}

resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {
      prefix = ""
    }

    expiration {
      days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_ownership_controls" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::sample-data", "arn:aws:s3:::sample-data/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_iam_role" "worker" {
  name = "sample-worker"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  name = "access"
  role = aws_iam_role.worker.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = "arn:aws:s3:::sample-data/*" },
      { Effect = "Allow", Action = ["s3:PutObject", "s3:DeleteObject"], Resource = "*" },
    ]
  })
}

resource "aws_iam_policy" "everything" {
  name = "sample-everything"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "worker" {
  role       = aws_iam_role.worker.name
  policy_arn = aws_iam_policy.everything.arn
}

resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  availability_zone       = "ap-northeast-2a"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "c" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "ap-northeast-2c"
}

resource "aws_security_group" "worker" {
  name        = "sample-worker"
  description = "Worker"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group" "idle" {
  name   = "sample-idle"
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_vpc_security_group_ingress_rule" "worker" {
  security_group_id = aws_security_group.worker.id
  description       = "HTTPS from everywhere"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "worker" {
  security_group_id            = aws_security_group.worker.id
  description                  = "Database"
  referenced_security_group_id = aws_security_group.worker.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/sample/worker"
  retention_in_days = 7
  kms_key_id        = aws_kms_key.data.arn
}

resource "aws_sqs_queue" "failed" {
  name                    = "sample-failed"
  sqs_managed_sse_enabled = true
}

resource "aws_sqs_queue" "jobs" {
  name                       = "sample-jobs"
  kms_master_key_id          = aws_kms_key.data.id
  visibility_timeout_seconds = 60
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = "*"
    }]
  })
}

resource "aws_lambda_function" "worker" {
  function_name                  = "sample-worker"
  role                           = aws_iam_role.worker.arn
  package_type                   = "Image"
  image_uri                      = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/sample:1"
  memory_size                    = 256
  reserved_concurrent_executions = 5
  kms_key_arn                    = aws_kms_key.data.arn

  environment {
    variables = {
      MODE = "sample"
    }
  }

  tracing_config {
    mode = "Active"
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }

  vpc_config {
    subnet_ids         = [aws_subnet.a.id, aws_subnet.c.id]
    security_group_ids = [aws_security_group.worker.id]
  }
}

resource "aws_lambda_permission" "worker" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.worker.function_name
  principal     = "events.amazonaws.com"
}

resource "aws_lambda_event_source_mapping" "worker" {
  function_name    = aws_lambda_function.worker.arn
  event_source_arn = aws_sqs_queue.jobs.arn
  batch_size       = 10
}

resource "aws_sns_topic" "alarms" {
  name              = "sample-alarms"
  kms_master_key_id = aws_kms_key.data.id
}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.failed.arn
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  alarm_name          = "sample-failed"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  period              = 60
  statistic           = "Maximum"
  alarm_actions       = [aws_sns_topic.alarms.arn]

  dimensions = {
    QueueName = aws_sqs_queue.failed.name
  }
}

resource "aws_lb" "main" {
  name                       = "sample"
  internal                   = true
  load_balancer_type         = "application"
  drop_invalid_header_fields = true
  subnets                    = [aws_subnet.a.id, aws_subnet.c.id]
  security_groups            = [aws_security_group.worker.id]

  access_logs {
    bucket  = aws_s3_bucket.logs.id
    enabled = true
  }
}

resource "aws_lb_target_group" "main" {
  name        = "sample"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id

  health_check {
    path = "/"
  }
}

resource "aws_lb_listener" "main" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.main.arn
  }
}

resource "aws_ecs_cluster" "main" {
  name = "sample"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "main" {
  family                   = "sample"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = "256"
  memory                   = "512"
  container_definitions = jsonencode([
    { name = "main", image = "sample:1", essential = true, privileged = true },
  ])
}

resource "aws_ecs_service" "main" {
  name            = "sample"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.main.arn
  launch_type     = "FARGATE"
  desired_count   = 1

  network_configuration {
    subnets          = [aws_subnet.a.id, aws_subnet.c.id]
    security_groups  = [aws_security_group.worker.id]
    assign_public_ip = true
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.main.arn
    container_name   = "main"
    container_port   = 80
  }
}

resource "aws_db_subnet_group" "main" {
  name       = "sample"
  subnet_ids = [aws_subnet.a.id, aws_subnet.c.id]
}

resource "aws_db_instance" "main" {
  identifier                          = "sample"
  engine                              = "postgres"
  engine_version                      = "17"
  instance_class                      = "db.t4g.micro"
  allocated_storage                   = 20
  db_subnet_group_name                = aws_db_subnet_group.main.name
  vpc_security_group_ids              = [aws_security_group.worker.id]
  storage_encrypted                   = true
  kms_key_id                          = aws_kms_key.data.arn
  iam_database_authentication_enabled = true
  username                            = "admin_user"
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.data.arn
  skip_final_snapshot                 = true
}

resource "aws_elasticache_replication_group" "main" {
  replication_group_id       = "sample"
  description                = "Sample"
  engine                     = "redis"
  node_type                  = "cache.t4g.micro"
  at_rest_encryption_enabled = true
  transit_encryption_enabled = false
}

resource "aws_secretsmanager_secret" "main" {
  name       = "sample"
  kms_key_id = aws_kms_key.data.arn
}

resource "aws_dynamodb_table" "main" {
  name         = "sample"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.data.arn
  }
}

resource "aws_ecr_repository" "main" {
  name                 = "sample"
  image_tag_mutability = "MUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ssm_parameter" "main" {
  name  = "/sample/endpoint"
  type  = "String"
  value = "localhost"
}

resource "aws_apigatewayv2_api" "main" {
  name                       = "sample"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_stage" "main" {
  api_id      = aws_apigatewayv2_api.main.id
  name        = "main"
  auto_deploy = true
}
