#!/bin/sh
# Pack what install.sh needs, into dist/gavel-VERSION.tar.gz: the wheel, the locks, the scripts, and
# every package of the lock, so that machines without internet can be installed.
set -eu
pip="${1:?name the pip to build with}"
mkdir -p dist
parts="$(mktemp -d dist/parts.XXXXXX)"
trap 'rm -rf "$parts"' EXIT
"$pip" wheel -q --no-deps --no-build-isolation --wheel-dir "$parts" .
name="gavel-$(basename "$parts"/gavel-*.whl | cut -d- -f2)"
mkdir "$parts/$name"
mv "$parts"/gavel-*.whl "$parts/$name/"
cp requirements.lock requirements-alerts.lock requirements-captions.lock "$parts/$name/"
cp config/machine/install*.sh config/machine/packages.sh "$parts/$name/"
for lock in requirements.lock requirements-alerts.lock requirements-captions.lock; do
    "$pip" download -q --require-hashes -r "$lock" -d "$parts/$name/wheels"
done
(cd "$parts/$name" && find . -type f ! -name SHA256SUMS -exec sha256sum {} + >SHA256SUMS)
tar --sort=name --owner=0 --group=0 --numeric-owner -C "$parts" -czf "dist/$name.tar.gz" "$name"
echo "Packed dist/$name.tar.gz. On each machine: tar xf $name.tar.gz, then $name/install.sh --help"
