package replklab.conv;

import replklab.base.HotSpot;

/** Makes the JVM ready for this package's kernels, once. */
final class Kernels {
    static {
        requireVectorModule();
        HotSpot.optimise(
                Butterflies.class,
                CorrelationKernels.class,
                Packing.class,
                RowPairs.class,
                SpectrumKernels.class,
                WindowKernels.class);
    }

    /** Groups whose channels of a pixel share a cache line: one task works on all of them while the lines are near. */
    static final int GROUPS_A_LINE = Math.max(1, 64 / (vectorLength() * Float.BYTES));

    private Kernels() {}

    /** Cache lines of channels that a pixel has. */
    static int lines(ConvolutionShape s) {
        return Math.ceilDiv(groups(s), GROUPS_A_LINE);
    }

    /** Vectors of channels that a pixel has, the last one perhaps with fewer lanes in use. */
    static int groups(ConvolutionShape s) {
        return Math.ceilDiv(s.channels(), vectorLength());
    }

    /** Channels in a group. */
    static int lanes(ConvolutionShape s, int group) {
        return Math.min(vectorLength(), s.channels() - group * vectorLength());
    }

    /** Channels in a vector; the first thing that the algorithms' classes ask. */
    static int vectorLength() {
        return Correlation.SPECIES.length();
    }

    private static void requireVectorModule() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException(
                    "the Vector API, which the convolution kernels are written with, is not loaded;"
                            + " start Java with --add-modules=jdk.incubator.vector (./lab and the notebook kernel do)");
        }
    }
}
