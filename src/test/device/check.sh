#!/usr/bin/env bash
# Checks a machine with a card. It builds nothing there: what it needs is packed here, in pieces of at most 60 MB.
#
#   src/test/device/check.sh pack                      here, after ./lab test or ./mvnw test-compile: writes target/device-check/
#   src/test/device/check.sh run [DEVICE] [SHAPE]      there, beside the pieces: DEVICE is cuda unless it is told, SHAPE 64x384x32x32
#
# `run` compares every operation with the CPU's, times depthwise convolutions by the card's clock, and has PyTorch do the same in
# float32 and bfloat16 and both layouts where PyTorch is. It writes ${OUT:-.}/device-check.md, and ends within ten minutes.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

pack() {
    local root java folder lib jar
    root=$(cd "$HERE/../../.." && pwd)
    java=${JAVA_HOME:?names the JDK 25 that the image is made of}
    folder=$root/target/device-check
    lib=$root/target/device-check-lib
    [[ -d $root/target/test-classes/replklab/tensor/device ]] || {
        echo "nothing is built in $root/target: ./mvnw test-compile" >&2
        exit 1
    }
    rm -rf "$folder" "$lib"
    mkdir -p "$folder/all/jars"
    "$java/bin/jlink" --add-modules java.desktop,java.logging,java.management,jdk.incubator.vector,jdk.jshell,jdk.management,jdk.unsupported,jdk.zipfs --strip-java-debug-attributes \
        --no-header-files --no-man-pages --compress zip-6 --output "$folder/all/java"
    (cd "$root" && ./mvnw -q --batch-mode dependency:copy-dependencies -DoutputDirectory="$lib" -DincludeScope=test)
    # What tensors and the comparison load. ND4J's own native library (90 MB) is not: no INDArray is made.
    for jar in "$lib"/{nd4j-api,nd4j-common,javacpp,openblas,dnnl,assertj-core,opentest4j,slf4j-api,commons-text,commons-lang3}-[0-9]*.jar; do
        cp "$jar" "$folder/all/jars"
    done
    "$java/bin/jar" --create --file "$folder/all/jars/replk-lab.jar" -C "$root/target/classes" .
    "$java/bin/jar" --create --file "$folder/all/jars/replk-lab-tests.jar" -C "$root/target/test-classes" replklab
    cp "$root/src/main/jvm.options" "$folder/all"
    tar -C "$folder/all" --create . | gzip -n | split --bytes=60M - "$folder/piece."
    cp "$HERE/check.sh" "$folder"
    rm -rf "$folder/all" "$lib"
    ls -l "$folder"
}

run() {
    local device=${1:-cuda} shape=${2:-64x384x32x32} out=${OUT:-.} work rc=0
    work=$(mktemp -d)
    trap "rm -rf '$work'" EXIT
    cat "$HERE"/piece.* | tar -C "$work" --extract --gzip
    mkdir -p "$out"
    timeout 400 "$work/java/bin/java" "@$work/jvm.options" "-Dreplklab.home=$work" -cp "$work/jars/*" \
        replklab.tensor.device.CardCheck "$device" "$out/device-check.md" "$shape" || rc=$?
    if python3 -c 'import torch; raise SystemExit(not torch.cuda.is_available())' 2>/dev/null; then
        timeout 150 python3 - "$shape" >>"$out/device-check.md" <<'PYTHON' || rc=$?
import sys
import torch
import torch.nn.functional as F

n, c, h, w = map(int, sys.argv[1].split("x"))
print(f"\n## PyTorch {torch.__version__} on the same card, cuDNN {torch.backends.cudnn.version()}\n")
torch.backends.cudnn.benchmark = True
torch.backends.cudnn.allow_tf32 = False
print("| kernel | numbers | layout | forward, ms | forward and gradients, ms |\n|---|---|---|---|---|")


def milliseconds(work):
    work()
    best = float("inf")
    for _ in range(5):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        work()
        end.record()
        end.synchronize()
        best = min(best, begin.elapsed_time(end))
    return best


for kernel in 3, 7, 13, 31:
    for numbers in torch.float32, torch.bfloat16:
        for layout in torch.contiguous_format, torch.channels_last:
            x = torch.randn(n, c, h, w, device="cuda", dtype=numbers).to(memory_format=layout).requires_grad_()
            weight = torch.randn(c, 1, kernel, kernel, device="cuda", dtype=numbers, requires_grad=True)

            def forward():
                return F.conv2d(x, weight, padding=kernel // 2, groups=c)

            def training():
                y = forward()
                torch.autograd.grad(y, (x, weight), torch.ones_like(y))

            with torch.no_grad():
                alone = milliseconds(forward)
            both = milliseconds(training)
            print(f"| {kernel} | {numbers} | {layout} | {alone:.3f} | {both:.3f} |".replace("torch.", ""), flush=True)
PYTHON
    else
        printf '\nPyTorch with CUDA is not here, so nothing stands beside these times.\n' >>"$out/device-check.md"
    fi
    echo "Written: $out/device-check.md"
    return "$rc"
}

case ${1-} in
    pack) pack ;;
    run)
        shift
        run "$@"
        ;;
    *)
        echo "usage: check.sh pack | run [DEVICE] [SHAPE]" >&2
        exit 2
        ;;
esac
