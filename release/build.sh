#!/usr/bin/env bash
# Builds what is given to people who have no Go: for each platform an archive with
# the program (linked statically), its manual, completions and licences, and the
# checksums of all. The same commit and the same compilers give the same bytes.
#
#   release/build.sh [FOLDER]        # default: dist
#
# Built are linux/amd64 and linux/arm64: the one that this machine is, and the
# other where gcc and g++ for it are installed (Debian: g++-aarch64-linux-gnu).
# There are no builds for macOS and Windows; see docs/release.md.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p "${1:-dist}"
out=$(cd "${1:-dist}" && pwd)

if [[ -n $(git status --porcelain) ]]; then
  echo "release: the working tree has changes; commit them first" >&2
  exit 1
fi
commit=$(git rev-parse --short=12 HEAD)
version=$(git describe --tags --exact-match --match 'v*' 2>/dev/null || echo "0.0.0-$commit")
epoch=$(git show -s --format=%ct HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compile ARCH FILE builds the program.
compile() {
  local arch=$1 file=$2 cc=gcc cxx=g++
  if [[ $arch != "$(go env GOHOSTARCH)" ]]; then
    cc=$(compiler "$arch" gcc)
    cxx=$(compiler "$arch" g++)
  fi
  CGO_ENABLED=1 GOOS=linux GOARCH=$arch CC=$cc CXX=$cxx GOFLAGS= GOAMD64=v1 GOARM64=v8.0 \
    go build -trimpath -buildvcs=true -tags netgo,osusergo -ldflags '-s -w -linkmode external -extldflags -static' \
    -o "$file" ./cmd/pipeline
}

# compiler ARCH gcc|g++ names the cross compiler of Debian and its like.
compiler() {
  case $1 in
    amd64) echo "x86_64-linux-gnu-$2" ;;
    arm64) echo "aarch64-linux-gnu-$2" ;;
  esac
}

# licenses prints the licences of everything that is linked in.
licenses() {
  go list -deps -tags netgo,osusergo -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/pipeline |
    LC_ALL=C sort -u | while read -r path version dir; do
    echo "== $path $version"
    echo
    find "$dir" -maxdepth 1 -type f \( -iname 'licen[sc]e*' -o -iname 'copying*' -o -iname 'notice*' \) |
      LC_ALL=C sort | while read -r file; do
      cat "$file"
      echo
    done
  done
  echo "== Go's standard library"
  echo
  cat "$(go env GOROOT)/LICENSE"
}

# pack FOLDER FILE.tar.gz
pack() {
  tar --directory "$work" --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner \
    --mode='u=rwX,go=rX' --format=gnu -cf - "$1" | gzip -n -9 >"$2"
}

# The manual and the completions are made by a program of this machine.
compile "$(go env GOHOSTARCH)" "$work/host"
archives=()
for arch in amd64 arm64; do
  name="wakong_${version#v}_linux_$arch"
  if [[ $arch != "$(go env GOHOSTARCH)" ]] && ! command -v "$(compiler "$arch" g++)" >/dev/null; then
    echo "release: no linux/$arch: $(compiler "$arch" g++) is not installed" >&2
    continue
  fi
  echo "release: $name"
  mkdir -p "$work/$name/completions"
  if [[ $arch == "$(go env GOHOSTARCH)" ]]; then
    cp "$work/host" "$work/$name/pipeline"
  else
    compile "$arch" "$work/$name/pipeline"
  fi
  "$work/host" man "$work/$name/man1"
  for shell in bash zsh fish; do
    "$work/host" completion "$shell" >"$work/$name/completions/pipeline.$shell"
  done
  cp -r LICENSE README*.md docs release/Dockerfile "$work/$name/"
  licenses >"$work/$name/LICENSES-OF-OTHERS"
  pack "$name" "$out/$name.tar.gz"
  archives+=("$name.tar.gz")
done
(cd "$out" && sha256sum "${archives[@]}" >SHA256SUMS && cat SHA256SUMS)
