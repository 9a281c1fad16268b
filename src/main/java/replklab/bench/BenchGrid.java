package replklab.bench;

import java.util.ArrayList;
import java.util.List;
import replklab.base.UsageException;
import replklab.tensor.Precision;

/** The cases that are measured by default, and those that options choose. */
public final class BenchGrid {
    private static final List<String> SHAPES = List.of("4x64x56x56", "4x128x28x28", "4x256x14x14", "4x512x7x7");
    private static final List<String> QUICK_SHAPES = List.of("4x64x56x56", "4x256x14x14");
    private static final List<Integer> KERNELS = List.of(3, 7, 13, 31);
    private static final List<Integer> QUICK_KERNELS = List.of(7, 31);
    /** A kernel is measured by default where it is not more than this many times as wide as the map. */
    private static final int WIDEST = 3;

    private BenchGrid() {}

    /**
     * Every combination of shapes, kernels and passes.
     *
     * @param shapes as {@link ConvCase#shape(String)} reads them; empty for the default ones
     * @param kernels empty for the default ones that suit the map
     */
    public static List<ConvCase> convolutions(
            List<String> shapes, List<Integer> kernels, List<Pass> passes, boolean quick) {
        List<ConvCase> cases = new ArrayList<>();
        for (String shape : shapes.isEmpty() ? quick ? QUICK_SHAPES : SHAPES : shapes) {
            int[] s = ConvCase.shape(shape);
            for (int kernel : kernels.isEmpty() ? quick ? QUICK_KERNELS : KERNELS : kernels) {
                if (kernels.isEmpty() && kernel > WIDEST * Math.max(s[2], s[3])) {
                    continue;
                }
                passes.forEach(pass -> cases.add(new ConvCase(s[0], s[1], s[2], s[3], kernel, pass)));
            }
        }
        return distinct(cases);
    }

    /**
     * Inference and training of networks.
     *
     * @param batches empty for 1 and 8 in inference and 4 in training
     * @param precisions empty for both, or float32 alone if it is to be quick
     */
    public static List<ModelCase> models(
            List<String> models,
            List<Integer> batches,
            int resolution,
            List<Precision> precisions,
            List<Pass> passes,
            boolean quick) {
        List<Precision> usualPrecisions = quick ? List.of(Precision.FLOAT32) : List.of(Precision.values());
        List<ModelCase> cases = new ArrayList<>();
        for (String model : models.isEmpty() ? List.of(ModelCase.DEFAULT) : models) {
            for (Pass pass : passes) {
                List<Integer> usual = pass == Pass.TRAINING ? List.of(4) : quick ? List.of(1) : List.of(1, 8);
                for (int batch : batches.isEmpty() ? usual : batches) {
                    for (Precision precision : precisions.isEmpty() ? usualPrecisions : precisions) {
                        cases.add(new ModelCase(model, batch, resolution, precision, pass));
                    }
                }
            }
        }
        return distinct(cases);
    }

    /**
     * Reading images of every combination.
     *
     * @param formats empty for JPEG, and PNG unless it is to be quick
     * @param sizes as {@link DataCase#size(String)} reads them; empty for ImageNet's usual one
     */
    public static List<DataCase> data(
            List<String> formats, List<String> sizes, int resolution, List<Pass> passes, boolean quick) {
        List<DataCase> cases = new ArrayList<>();
        List<String> usual = quick ? List.of("jpeg") : List.of("jpeg", "png");
        for (String format : formats.isEmpty() ? usual : formats) {
            for (String size : sizes.isEmpty() ? List.of("500x375") : sizes) {
                int[] s = DataCase.size(size);
                passes.forEach(pass -> cases.add(new DataCase(format, s[0], s[1], resolution, pass)));
            }
        }
        return distinct(cases);
    }

    private static <T> List<T> distinct(List<T> cases) {
        if (cases.isEmpty()) {
            throw new UsageException("there is nothing to measure: no shape, size, kernel or pass is left");
        }
        return cases.stream().distinct().toList();
    }
}
