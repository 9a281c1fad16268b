package replklab.tensor.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import replklab.tensor.Activation;
import replklab.tensor.ArrayOperation;
import replklab.tensor.ArrayOperation.Binary.Arithmetic;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.ConvolutionOperation;
import replklab.tensor.ElementwiseOperation;
import replklab.tensor.NormOperation;
import replklab.tensor.Operation;
import replklab.tensor.OptimiserStep;
import replklab.tensor.Precision;
import replklab.tensor.SpaceOperation;
import replklab.tensor.Tensor;

/** Each operation with numbers evenly drawn from [-1, 1), on shapes that are no multiples of any tile. */
final class OperationCases {
    private final List<Case> cases = new ArrayList<>();
    private final SeededTensors numbers = new SeededTensors();

    /**
     * An operation.
     *
     * @param terms of its longest sum
     * @param make makes it with the same numbers at every call
     */
    record Case(String name, int terms, Supplier<Operation> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    private OperationCases() {}

    static List<Case> all() {
        OperationCases all = new OperationCases();
        all.elementwise();
        all.arrays();
        all.norms();
        all.space();
        all.products();
        all.depthwise();
        return all.cases;
    }

    private void add(String name, int terms, Supplier<Operation> make) {
        long from = 1 + 100L * cases.size();
        cases.add(new Case(name, terms, () -> {
            numbers.from(from);
            return make.get();
        }));
    }

    /** Fresh numbers. */
    private Tensor t(int... sizes) {
        return between(-1, 1, sizes);
    }

    private Tensor between(double low, double high, int... sizes) {
        return numbers.between(low, high, sizes);
    }

    private static Tensor notFinite() {
        return Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}, 3);
    }

    private void elementwise() {
        for (Activation kind : Activation.values()) {
            add(
                    "activation " + kind,
                    1,
                    () -> new ElementwiseOperation.Activate(kind, between(-9, 9, 7, 39), t(7, 39)));
            add(
                    "gradient of activation " + kind,
                    1,
                    () -> new ElementwiseOperation.ActivationGradient(kind, between(-9, 9, 7, 39), t(7, 39), t(7, 39)));
        }
        for (ElementwiseOperation.Apply.Function function : ElementwiseOperation.Apply.Function.values()) {
            add(
                    "function " + function,
                    8,
                    () -> new ElementwiseOperation.Apply(function, between(0.1, 4, 7, 39), t(7, 39)));
        }
        add("fill", 1, () -> new ElementwiseOperation.Fill(t(300), 2.5f));
        add("fill of one", 1, () -> new ElementwiseOperation.Fill(t(1), 2.5f));
        add("combination", 1, () -> new ElementwiseOperation.Combine(0.3f, t(301), -0.7f, t(301), t(301)));
        add("combination with one", 1, () -> new ElementwiseOperation.Combine(0.3f, t(301), 0, t(301), t(301)));
        add(
                "combination, zero times what is not finite",
                1,
                () -> new ElementwiseOperation.Combine(0, notFinite(), 0.5f, t(3), t(3)));
        add(
                "combination with one, the other not finite",
                1,
                () -> new ElementwiseOperation.Combine(0.3f, t(3), 0, notFinite(), t(3)));
        add("combination in place", 1, () -> {
            Tensor x = t(301);
            return new ElementwiseOperation.Combine(0.3f, x, 2, t(301), x);
        });
        add("product of each", 1, () -> new ElementwiseOperation.Multiply(t(301), t(301), t(301)));
        add(
                "scaled images",
                1,
                () -> new ElementwiseOperation.ScaleImages(t(3, 5, 7), new float[] {0, 1.25f, -2}, t(3, 5, 7)));
        add("gate", 1, () -> new ElementwiseOperation.Gate(t(3, 5, 7, 37), t(3, 37), t(3, 5, 7, 37)));
        add(
                "gradient of a gate",
                35,
                () -> new ElementwiseOperation.GateGradient(
                        t(3, 5, 7, 37), t(3, 37), t(3, 5, 7, 37), t(3, 5, 7, 37), t(3, 37)));
        add("scaled channels", 1, () -> new ElementwiseOperation.ScaleChannels(t(3, 5, 37), t(37), t(3, 5, 37)));
        add(
                "gradient of scaled channels",
                1350,
                () -> new ElementwiseOperation.ScaleChannelsGradient(
                        t(3, 450, 37), t(37), t(3, 450, 37), t(3, 450, 37), t(37)));
        add("SGD", 3, () -> new OptimiserStep.Sgd(t(301), t(301), t(301), 0.5f, 0.1f, 0.9f, 1e-2f));
        add(
                "AdamW",
                8,
                () -> new OptimiserStep.AdamW(
                        t(301), t(301), t(301), between(0.1, 1, 301), 0.5f, 0.1f, 0.9f, 0.99f, 1e-8f, 0.05f, 3));
    }

    private void arrays() {
        for (Arithmetic kind : Arithmetic.values()) {
            add(
                    "broadcast " + kind,
                    8,
                    () -> new ArrayOperation.Binary(kind, t(2, 5, 1, 7), between(0.5, 2, 3, 1), t(2, 5, 3, 7)));
        }
        add("repetition", 1, () -> new ArrayOperation.Repeat(t(2, 1, 7, 1), t(2, 5, 7, 3)));
        for (ArrayOperation.Reduce.Kind kind : ArrayOperation.Reduce.Kind.values()) {
            add("reduction " + kind, 300, () -> new ArrayOperation.Reduce(kind, t(2, 100, 7, 3), t(2, 1, 7, 1)));
        }
        add(
                "gradient of a maximum",
                1,
                () -> new ArrayOperation.MaxGradient(t(2, 5, 7, 3), t(1, 5, 1, 3), t(2, 5, 7, 3)));
        add("softmax", 101, () -> new ArrayOperation.Softmax(t(9, 101), t(9, 101)));
        add("gradient of a softmax", 101, () -> new ArrayOperation.SoftmaxGradient(t(9, 101), t(9, 101), t(9, 101)));
        add(
                "transposition",
                1,
                () -> new ArrayOperation.Transpose(t(2, 5, 7, 3), new int[] {3, 0, 2, 1}, t(3, 2, 7, 5)));
        add("slice", 1, () -> new ArrayOperation.Slice(t(2, 9, 7), 1, 2, t(2, 4, 7)));
        add("gradient of a slice", 1, () -> new ArrayOperation.SliceGradient(t(2, 4, 7), 1, 2, t(2, 9, 7)));
        add(
                "concatenation",
                1,
                () -> new ArrayOperation.Concatenate(new Tensor[] {t(2, 4, 7), t(2, 5, 7)}, 1, t(2, 9, 7)));
        add(
                "gradient of a concatenation",
                1,
                () -> new ArrayOperation.ConcatenateGradient(
                        t(2, 9, 7), 1, new int[] {4, 3, 2}, new Tensor[] {t(2, 4, 7), null, t(2, 2, 7)}));
        add(
                "seven axes",
                1,
                () -> new ArrayOperation.Transpose(
                        t(2, 1, 3, 2, 1, 2, 3), new int[] {6, 0, 5, 1, 4, 2, 3}, t(3, 2, 2, 1, 1, 3, 2)));
    }

    private BatchNormTerms terms(Activation activation, int channels) {
        return new BatchNormTerms(
                between(0.5, 2, channels), t(channels), t(channels), between(0.5, 2, channels), 1e-5, activation);
    }

    private void norms() {
        for (Activation kind : List.of(Activation.NONE, Activation.RELU, Activation.RELU6, Activation.GELU)) {
            add(
                    "batch norm " + kind,
                    700,
                    () -> new NormOperation.BatchNorm(t(7, 100, 37), terms(kind, 37), t(7, 100, 37)));
            add(
                    "gradient of batch norm " + kind,
                    700,
                    () -> new NormOperation.BatchNormGradient(
                            t(7, 100, 37), terms(kind, 37), t(7, 100, 37), t(7, 100, 37), t(37), t(37)));
        }
        add(
                "batch norm evaluated",
                1,
                () -> new NormOperation.BatchNormEvaluation(t(7, 9, 37), terms(Activation.GELU, 37), t(7, 9, 37)));
        add(
                "gradient of batch norm evaluated",
                63,
                () -> new NormOperation.BatchNormEvaluationGradient(
                        t(7, 9, 37), terms(Activation.RELU, 37), t(7, 9, 37), t(7, 9, 37), t(37), t(37)));
        add(
                "gradient of batch norm evaluated, of the input alone",
                1,
                () -> new NormOperation.BatchNormEvaluationGradient(
                        t(7, 9, 37), terms(Activation.RELU, 37), t(7, 9, 37), t(7, 9, 37), null, null));
        add("layer norm", 101, () -> new NormOperation.LayerNorm(t(7, 9, 101), t(101), t(101), 1e-6, t(7, 9, 101)));
        add(
                "gradient of layer norm",
                101,
                () -> new NormOperation.LayerNormGradient(
                        t(7, 9, 101), t(101), 1e-6, t(7, 9, 101), t(7, 9, 101), t(101), t(101)));
    }

    private void space() {
        add("global pool", 300, () -> new SpaceOperation.GlobalAveragePool(t(3, 15, 20, 37), t(3, 37)));
        add(
                "gradient of global pool",
                1,
                () -> new SpaceOperation.GlobalAveragePoolGradient(t(3, 37), t(3, 15, 20, 37)));
        for (int[] size : new int[][] {{9, 3}, {2, 20}, {1, 1}, {5, 7}}) {
            String to = " to " + size[0] + "x" + size[1];
            add("resizing" + to, 4, () -> new SpaceOperation.ResizeBilinear(t(2, 5, 7, 3), t(2, size[0], size[1], 3)));
            add(
                    "gradient of resizing" + to,
                    40,
                    () -> new SpaceOperation.ResizeBilinearGradient(t(2, size[0], size[1], 3), t(2, 5, 7, 3)));
            add(
                    "adaptive pool" + to,
                    35,
                    () -> new SpaceOperation.AdaptiveAveragePool(t(2, 5, 7, 3), t(2, size[0], size[1], 3)));
            add(
                    "gradient of adaptive pool" + to,
                    35,
                    () -> new SpaceOperation.AdaptiveAveragePoolGradient(t(2, size[0], size[1], 3), t(2, 5, 7, 3)));
        }
        for (int[] pool : new int[][] {{3, 2, 1, 3, 4}, {2, 2, 0, 2, 3}, {5, 1, 2, 5, 7}, {2, 3, 1, 2, 3}}) {
            String how = " of " + pool[0] + " by " + pool[1] + ", " + pool[2] + " around";
            add(
                    "max pool" + how,
                    1,
                    () -> new SpaceOperation.MaxPool(
                            t(2, 5, 7, 3), pool[0], pool[1], pool[2], t(2, pool[3], pool[4], 3)));
            add(
                    "gradient of max pool" + how,
                    25,
                    () -> new SpaceOperation.MaxPoolGradient(
                            t(2, 5, 7, 3), pool[0], pool[1], pool[2], t(2, pool[3], pool[4], 3), t(2, 5, 7, 3)));
        }
        add("patches", 1, () -> new SpaceOperation.Patches(t(2, 5, 7, 3), 2, t(2, 2, 3, 12)));
        add("gradient of patches", 1, () -> new SpaceOperation.PatchesGradient(t(2, 2, 3, 12), 2, t(2, 5, 7, 3)));
    }

    private void products() {
        for (Precision precision : Precision.values()) {
            for (int[] size : new int[][] {{5, 3, 7}, {70, 129, 65}, {300, 130, 40}, {2500, 37, 20}}) {
                String of = " " + precision + " " + size[0] + "x" + size[1] + " to " + size[2];
                add(
                        "pointwise" + of,
                        size[1],
                        () -> new ConvolutionOperation.Pointwise(
                                t(size[0], size[1]),
                                t(size[2], size[1]),
                                t(size[2]),
                                Activation.GELU,
                                t(size[0], size[2]),
                                precision,
                                t(size[0], size[2])));
                add(
                        "gradient of pointwise" + of,
                        size[0],
                        () -> new ConvolutionOperation.PointwiseGradient(
                                t(size[0], size[1]),
                                t(size[2], size[1]),
                                t(size[0], size[2]),
                                precision,
                                t(size[0], size[1]),
                                t(size[2], size[1]),
                                t(size[2])));
            }
            add(
                    "convolution " + precision,
                    27,
                    () -> new ConvolutionOperation.Convolution(
                            t(2, 9, 11, 3), t(5, 3, 3, 3), t(5), 2, 1, Activation.RELU, precision, t(2, 5, 6, 5)));
            add(
                    "gradient of convolution " + precision,
                    99,
                    () -> new ConvolutionOperation.ConvolutionGradient(
                            t(2, 9, 11, 3),
                            t(5, 3, 3, 3),
                            2,
                            1,
                            t(2, 5, 6, 5),
                            precision,
                            t(2, 9, 11, 3),
                            t(5, 3, 3, 3),
                            t(5)));
            add(
                    "gradient of dilated convolution " + precision,
                    99,
                    () -> new ConvolutionOperation.ConvolutionGradient(
                            t(2, 9, 11, 3),
                            t(5, 3, 3, 3),
                            1,
                            2,
                            t(2, 9, 11, 5),
                            precision,
                            t(2, 9, 11, 3),
                            t(5, 3, 3, 3),
                            t(5)));
        }
    }

    private void depthwise() {
        // Kernel, stride, dilation, height, width, channels.
        int[][] shapes = {
            {1, 1, 1, 5, 3, 5},
            {3, 1, 1, 5, 7, 37},
            {3, 2, 1, 9, 20, 33},
            {5, 1, 1, 17, 35, 4},
            {7, 3, 1, 10, 9, 3},
            {3, 1, 9, 20, 20, 5},
            {5, 2, 3, 13, 19, 5},
            {13, 1, 1, 9, 18, 35},
            {31, 1, 1, 14, 17, 33},
            {63, 1, 1, 9, 40, 3},
            {31, 1, 20, 5, 30, 3}
        };
        for (int[] s : shapes) {
            int outHeight = (s[3] - 1) / s[1] + 1;
            int outWidth = (s[4] - 1) / s[1] + 1;
            String of = " " + s[0] + "x" + s[0] + " stride " + s[1] + " dilation " + s[2] + " of " + s[3] + "x" + s[4]
                    + "x" + s[5];
            add(
                    "depthwise" + of,
                    s[0] * s[0],
                    () -> new ConvolutionOperation.Depthwise(
                            t(2, s[3], s[4], s[5]),
                            t(s[0], s[0], s[5]),
                            t(s[5]),
                            s[1],
                            s[2],
                            Activation.RELU6,
                            t(2, outHeight, outWidth, s[5])));
            add(
                    "gradient of depthwise" + of,
                    Math.max(s[0] * s[0], 2 * s[3] * s[4]),
                    () -> new ConvolutionOperation.DepthwiseGradient(
                            t(2, s[3], s[4], s[5]),
                            t(s[0], s[0], s[5]),
                            s[1],
                            s[2],
                            t(2, outHeight, outWidth, s[5]),
                            t(2, s[3], s[4], s[5]),
                            t(s[0], s[0], s[5]),
                            t(s[5])));
        }
        for (int[] s : new int[][] {{5, 3, 9, 11, 37}, {31, 5, 12, 14, 33}}) {
            String of = " " + s[0] + "x" + s[0] + " and " + s[1] + "x" + s[1];
            int most = Math.max(s[0], s[1]);
            add(
                    "depthwise pair" + of,
                    most * most,
                    () -> new ConvolutionOperation.DepthwisePair(
                            t(2, s[2], s[3], s[4]),
                            t(s[0], s[0], s[4]),
                            t(s[1], s[1], s[4]),
                            t(2, s[2], s[3], s[4]),
                            t(2, s[2], s[3], s[4])));
            add(
                    "gradient of depthwise pair" + of,
                    Math.max(2 * most * most, 2 * s[2] * s[3]),
                    () -> new ConvolutionOperation.DepthwisePairGradient(
                            t(2, s[2], s[3], s[4]),
                            t(s[0], s[0], s[4]),
                            t(s[1], s[1], s[4]),
                            t(2, s[2], s[3], s[4]),
                            t(2, s[2], s[3], s[4]),
                            t(2, s[2], s[3], s[4]),
                            t(s[0], s[0], s[4]),
                            t(s[1], s[1], s[4])));
        }
        add(
                "small pair",
                25,
                () -> new ConvolutionOperation.DepthwisePair(
                        t(1, 4, 5, 3), t(5, 5, 3), t(3, 3, 3), t(1, 4, 5, 3), t(1, 4, 5, 3)));
        add(
                "gradient of small pair",
                50,
                () -> new ConvolutionOperation.DepthwisePairGradient(
                        t(1, 4, 5, 3),
                        t(5, 5, 3),
                        t(3, 3, 3),
                        t(1, 4, 5, 3),
                        t(1, 4, 5, 3),
                        t(1, 4, 5, 3),
                        t(5, 5, 3),
                        t(3, 3, 3)));
        for (boolean ofLarge : new boolean[] {true, false}) {
            add(
                    "gradient of one of a pair's filters, the " + (ofLarge ? "large" : "small"),
                    72,
                    () -> new ConvolutionOperation.DepthwisePairGradient(
                            t(1, 8, 9, 5),
                            t(5, 5, 5),
                            t(3, 3, 5),
                            t(1, 8, 9, 5),
                            t(1, 8, 9, 5),
                            null,
                            ofLarge ? t(5, 5, 5) : null,
                            ofLarge ? null : t(3, 3, 5)));
        }
    }
}
