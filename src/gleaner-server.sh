#!/bin/sh
# Starts the server under the Node it needs, in this very process, so that a signal to it reaches the server: `npm start` in a
# clone, and `gleaner-server` of a package, where sources are JavaScript and npm may have put the pinned Node beside ours.
set -eu
self=$(readlink -f "$0")
root=${self%/src/*}
# What `npm run backup` and its like do in a clone.
case "${1:-}" in backup | verify | restore | move) main=operate ;; *) main=main ;; esac
if [ -e "$root/src/$main.ts" ]; then main=$root/src/$main.ts; else main=$root/src/$main.js; fi

node=node
for pinned in "$root/../.bin/node" "$root/node_modules/.bin/node"; do
  if [ -x "$pinned" ]; then node=$pinned; fi
done
if [ "$node" = node ] && ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 24 || (a == 24 && b >= 3) ? 0 : 1)'; then
  echo "error: the Node 24 that Gleaner brings along is not installed. Install it again with its optional packages, or put Node 24.3 or later on the PATH." >&2
  exit 1
fi

# Node reads it as an address, in which these characters mean something else.
preload=$root/scripts/strip-types.mjs
case $root in *[%#?]*) preload=file://$(printf %s "$preload" | sed 's/%/%25/g; s/#/%23/g; s/?/%3F/g') ;; esac

# What each is for is in docs/performance.md.
exec env MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576 "$node" \
  --optimize-for-size --max-semi-space-size=4 --heap-growing-percent=10 --invocation-count-for-maglev=2500 \
  --disable-warning=ExperimentalWarning --import "$preload" "$main" "$@"
