package replklab.conv;

import replklab.base.HotSpot;

/** Makes the JVM ready for this package's kernels, once. */
final class Kernels {
    static {
        requireVectorModule();
        HotSpot.optimise(
                Butterflies.class, CorrelationKernel.class, Packing.class, RowPairs.class, SpectrumKernels.class);
    }

    private Kernels() {}

    /** Channels in a vector; the first thing that the algorithms' classes ask. */
    static int vectorLength() {
        return CorrelationKernel.SPECIES.length();
    }

    private static void requireVectorModule() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException(
                    "the Vector API, which the convolution kernels are written with, is not loaded;"
                            + " start Java with --add-modules=jdk.incubator.vector (./lab and the notebook kernel do)");
        }
    }
}
