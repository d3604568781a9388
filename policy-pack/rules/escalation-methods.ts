/** A way to more permissions than a role was given. */
export interface EscalationMethod {
    readonly name: string;
    /** All of them are needed. */
    readonly actions: readonly string[];
    /** Whether the action is a danger on a named resource too, as the role itself may be that. */
    readonly onNamed?: boolean;
}

const changes = (action: string): EscalationMethod => ({ name: action, actions: [`iam:${action}`], onNamed: true });

const passes = (name: string, ...actions: string[]): EscalationMethod => ({
    name: `PassRole and ${name}`,
    actions: ["iam:PassRole", ...actions],
});

const uses = (name: string, ...actions: string[]): EscalationMethod => ({ name, actions });

/**
 * Known ways from a permission to more: a policy is rewritten, a role is handed to a machine that the caller commands, code
 * with a stronger role is replaced, credentials of others are made.
 */
export const escalationMethods: readonly EscalationMethod[] = [
    // Policies are rewritten or attached.
    changes("CreatePolicyVersion"),
    changes("SetDefaultPolicyVersion"),
    changes("AttachUserPolicy"),
    changes("AttachGroupPolicy"),
    changes("AttachRolePolicy"),
    changes("PutUserPolicy"),
    changes("PutGroupPolicy"),
    changes("PutRolePolicy"),
    changes("AddUserToGroup"),
    changes("DeleteRolePolicy"),
    changes("DetachRolePolicy"),
    changes("DeleteRolePermissionsBoundary"),
    changes("PutRolePermissionsBoundary"),
    changes("DeleteUserPermissionsBoundary"),
    changes("PutUserPermissionsBoundary"),
    // Trust, credentials and identity providers of others.
    changes("UpdateAssumeRolePolicy"),
    changes("CreateAccessKey"),
    changes("CreateLoginProfile"),
    changes("UpdateLoginProfile"),
    changes("UpdateAccessKey"),
    changes("CreateServiceSpecificCredential"),
    changes("ResetServiceSpecificCredential"),
    changes("UploadSigningCertificate"),
    changes("DeactivateMFADevice"),
    changes("UpdateOpenIDConnectProviderThumbprint"),
    changes("AddClientIDToOpenIDConnectProvider"),
    changes("UpdateSAMLProvider"),
    uses("AssumeRole", "sts:AssumeRole"),
    // A role is handed to something that the caller commands.
    passes("RunInstances", "ec2:RunInstances"),
    passes("AssociateIamInstanceProfile", "ec2:AssociateIamInstanceProfile"),
    passes("ReplaceIamInstanceProfileAssociation", "ec2:ReplaceIamInstanceProfileAssociation"),
    passes("RequestSpotInstances", "ec2:RequestSpotInstances"),
    passes("RequestSpotFleet", "ec2:RequestSpotFleet"),
    passes("CreateLaunchTemplate", "ec2:CreateLaunchTemplate", "autoscaling:CreateAutoScalingGroup"),
    passes("CreateLaunchConfiguration", "autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"),
    passes("CreateFunction and InvokeFunction", "lambda:CreateFunction", "lambda:InvokeFunction"),
    passes("CreateFunction and AddPermission", "lambda:CreateFunction", "lambda:AddPermission"),
    passes("CreateFunction and a trigger", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    passes("CreateFunction and its URL", "lambda:CreateFunction", "lambda:CreateFunctionUrlConfig"),
    passes("CreateFunction", "lambda:CreateFunction"),
    passes("RegisterTaskDefinition and RunTask", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    passes("RegisterTaskDefinition and StartTask", "ecs:RegisterTaskDefinition", "ecs:StartTask"),
    passes("RegisterTaskDefinition and CreateService", "ecs:RegisterTaskDefinition", "ecs:CreateService"),
    passes("RegisterTaskDefinition and UpdateService", "ecs:RegisterTaskDefinition", "ecs:UpdateService"),
    passes("RunTask", "ecs:RunTask"),
    passes("StartTask", "ecs:StartTask"),
    passes("CreateStack", "cloudformation:CreateStack"),
    passes("UpdateStack", "cloudformation:UpdateStack"),
    passes("CreateChangeSet", "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    passes("CreateStackSet", "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"),
    passes("UpdateStackSet", "cloudformation:UpdateStackSet"),
    passes("CreatePipeline", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
    passes("CreateDevEndpoint", "glue:CreateDevEndpoint"),
    passes("CreateJob", "glue:CreateJob"),
    passes("UpdateJob", "glue:UpdateJob"),
    passes("CreateSession", "glue:CreateSession", "glue:RunStatement"),
    passes(
        "CreateNotebookInstance",
        "sagemaker:CreateNotebookInstance",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
    ),
    passes("CreateTrainingJob", "sagemaker:CreateTrainingJob"),
    passes("CreateProcessingJob", "sagemaker:CreateProcessingJob"),
    passes("CreateHyperParameterTuningJob", "sagemaker:CreateHyperParameterTuningJob"),
    passes("CreateProject", "codebuild:CreateProject"),
    passes("UpdateProject", "codebuild:UpdateProject"),
    passes("CreateProject of CodeStar", "codestar:CreateProject"),
    passes("CreateService of App Runner", "apprunner:CreateService"),
    passes("UpdateService of App Runner", "apprunner:UpdateService"),
    passes("CreateStateMachine", "states:CreateStateMachine", "states:StartExecution"),
    passes("CreateSchedule", "scheduler:CreateSchedule"),
    passes("PutTargets", "events:PutRule", "events:PutTargets"),
    passes("CreatePipe", "pipes:CreatePipe"),
    passes("StartAutomationExecution", "ssm:StartAutomationExecution"),
    passes("SubmitJob", "batch:RegisterJobDefinition", "batch:SubmitJob"),
    passes("RunJobFlow", "elasticmapreduce:RunJobFlow"),
    passes("StartJobRun", "emr-serverless:StartJobRun"),
    passes("CreateAgent", "bedrock:CreateAgent", "bedrock:InvokeAgent"),
    passes(
        "CreateCodeInterpreter",
        "bedrock-agentcore:CreateCodeInterpreter",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    passes("CreateEnvironment", "airflow:CreateEnvironment"),
    passes("CreateFleet", "gamelift:CreateFleet"),
    // Something that has a stronger role is commanded or changed.
    uses("UpdateFunctionCode", "lambda:UpdateFunctionCode"),
    uses("UpdateFunctionConfiguration", "lambda:UpdateFunctionConfiguration"),
    uses("PublishLayerVersion", "lambda:PublishLayerVersion", "lambda:UpdateFunctionConfiguration"),
    uses("SendCommand", "ssm:SendCommand"),
    uses("StartSession", "ssm:StartSession"),
    uses("ExecuteCommand", "ecs:ExecuteCommand"),
    uses("SendSSHPublicKey", "ec2-instance-connect:SendSSHPublicKey"),
    uses("SendSerialConsoleSSHPublicKey", "ec2-instance-connect:SendSerialConsoleSSHPublicKey"),
    uses("ModifyInstanceAttribute", "ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
    uses("CreateLaunchTemplateVersion", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
    uses("UpdateDevEndpoint", "glue:UpdateDevEndpoint"),
    uses("CreatePresignedNotebookInstanceUrl", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    uses("CreatePresignedDomainUrl", "sagemaker:CreatePresignedDomainUrl"),
    uses(
        "lifecycle of notebooks",
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
        "sagemaker:UpdateNotebookInstance",
    ),
    uses("UpdateStack", "cloudformation:UpdateStack"),
    uses("SetStackPolicy", "cloudformation:SetStackPolicy", "cloudformation:UpdateStack"),
    uses("StartBuild", "codebuild:StartBuild"),
    uses("StartBuildBatch", "codebuild:StartBuildBatch"),
    uses("AssociateTeamMember", "codestar:CreateProject", "codestar:AssociateTeamMember"),
    uses("UpdateStateMachine", "states:UpdateStateMachine", "states:StartExecution"),
    uses("PutPipelineDefinition", "datapipeline:PutPipelineDefinition"),
    uses("CreateGrant", "kms:CreateGrant"),
    uses("PutKeyPolicy", "kms:PutKeyPolicy"),
    uses("SetIdentityPoolRoles", "cognito-identity:SetIdentityPoolRoles"),
    uses("CreatePermissionSet", "sso:CreateAccountAssignment"),
    uses("PutInlinePolicyToPermissionSet", "sso:PutInlinePolicyToPermissionSet"),
];

/** Actions that policies of AWS allow on every resource, as far as they matter for the methods above. */
export const awsManagedActions: Readonly<Record<string, readonly string[]>> = {
    AdministratorAccess: ["*"],
    IAMFullAccess: ["iam:*"],
    AmazonEC2FullAccess: ["ec2:*", "autoscaling:*"],
    AmazonECS_FullAccess: ["ecs:*", "cloudformation:CreateStack", "cloudformation:UpdateStack", "iam:PassRole"],
    AmazonSSMFullAccess: ["ssm:*"],
    AmazonSageMakerFullAccess: ["sagemaker:*", "iam:PassRole"],
    AWSCloudFormationFullAccess: ["cloudformation:*"],
    AWSCodeBuildAdminAccess: ["codebuild:*"],
    AWSGlueConsoleFullAccess: ["glue:*", "iam:PassRole"],
    AWSGlueServiceRole: ["glue:*"],
    AWSLambda_FullAccess: ["lambda:*", "iam:PassRole"],
    AWSStepFunctionsFullAccess: ["states:*"],
    DataScientist: ["sagemaker:*", "iam:PassRole"],
    PowerUserAccess: ["ec2:*", "ecs:*", "lambda:*", "ssm:*", "sts:AssumeRole", "glue:*", "sagemaker:*", "kms:*"],
    SystemAdministrator: ["ec2:*", "lambda:*", "iam:PassRole"],
};
