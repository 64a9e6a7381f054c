#!/usr/bin/env bash
# Builds a kube-apiserver for the tests of plugins/kubernetes from the Go modules of Kubernetes, since nobody packages one.
#
#   scripts/build-kube-apiserver.sh [FILE]      default: ./kube-apiserver; needs Go 1.24 or later, 4 GB of disk and some minutes
#
# `go install` refuses it: the modules that Kubernetes is made of are replaced by folders of its repository there, so that a module
# of our own has to name the published version of each.
set -euo pipefail
version=${KUBERNETES_VERSION:-1.34.4}
target=$(realpath -m "${1:-kube-apiserver}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
go mod init example.com/kube-apiserver 2>/dev/null
go mod edit -require "k8s.io/kubernetes@v$version"
mod=$(GOFLAGS=-mod=mod go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)",*/\1/p')
grep -oE '^\s+k8s\.io/\S+ => ./staging' "$mod" | while read -r module _; do
  go mod edit -replace "$module=$module@v0.${version#*.}"
done
printf 'package main\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver/app"\n\nfunc main() {}\n' > main.go
GOFLAGS=-mod=mod go mod tidy -e 2>/dev/null
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$target" k8s.io/kubernetes/cmd/kube-apiserver
echo "KUBE_APISERVER=$target"
