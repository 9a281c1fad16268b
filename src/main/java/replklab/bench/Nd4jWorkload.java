package replklab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.versioncheck.VersionCheck;

/** ND4J's own depthwise convolution, in NHWC. It unfolds the images into columns, a large kernel into many gigabytes. */
final class Nd4jWorkload implements Workload {
    /** The largest share of the machine's memory that the columns may take; the gradients unfold twice. */
    private static final double MEMORY_SHARE = 0.2;

    private static final int SAME_PADDING = 1;
    private static final int NHWC = 1;
    private static final int FILTER_HWCM = 0;

    @Override
    public String version() {
        return VersionCheck.getVersionInfos().stream()
                .filter(info -> info.getArtifactId().equals("nd4j-api"))
                .map(info -> info.getBuildVersion())
                .findFirst()
                .orElse("");
    }

    /** Bytes of the columns of a case. */
    static long columnBytes(ConvCase what) {
        return what.depthwise().outputSize() * what.kernel() * what.kernel() * Float.BYTES;
    }

    private static long memoryLimit() {
        long bytes =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return (long) (MEMORY_SHARE * bytes);
    }

    @Override
    public Prepared prepare(BenchCase what, JsonNode told) {
        ConvCase wanted = (ConvCase) what;
        long limit = Math.min(memoryLimit(), told.path("largest_columns").asLong(Long.MAX_VALUE));
        if (columnBytes(wanted) > limit) {
            throw new LeftOutException("its columns would take %d MiB, and %d MiB is the limit here"
                    .formatted(columnBytes(wanted) >> 20, limit >> 20));
        }
        int k = wanted.kernel();
        long[] image = {wanted.n(), wanted.height(), wanted.width(), wanted.channels()};
        INDArray x = Nd4j.randn(DataType.FLOAT, image);
        INDArray w = Nd4j.randn(DataType.FLOAT, k, k, wanted.channels(), 1);
        INDArray y = Nd4j.create(DataType.FLOAT, image);
        DynamicCustomOp forward =
                op("depthwise_conv2d", k).addInputs(x, w).addOutputs(y).build();
        if (wanted.pass() == Pass.FORWARD) {
            return () -> Nd4j.exec(forward);
        }
        INDArray dy = Nd4j.randn(DataType.FLOAT, image);
        DynamicCustomOp backward = op("depthwise_conv2d_bp", k)
                .addInputs(x, w, dy)
                .addOutputs(x.ulike(), w.ulike())
                .build();
        return () -> {
            Nd4j.exec(forward);
            Nd4j.exec(backward);
        };
    }

    /** Kernel, stride, padding (left to 'same'), dilation, kind of padding, and both layouts. */
    private static DynamicCustomOp.DynamicCustomOpsBuilder op(String name, int kernel) {
        return DynamicCustomOp.builder(name)
                .addIntegerArguments(kernel, kernel, 1, 1, 0, 0, 1, 1, SAME_PADDING, NHWC, FILTER_HWCM);
    }
}
