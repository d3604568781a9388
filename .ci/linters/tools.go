//go:build tools

// Package tools keeps actionlint among the direct requirements of this module, which exists to build it (.ci/provide-linters).
// A tool directive would do the same for Go, but Dependabot takes its module for an indirect one and leaves it as it is.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
