//go:build tools

// Package tools keeps the Pulumi CLI among the requirements of this module, which exists to build it (.ci/provide-pulumi).
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
