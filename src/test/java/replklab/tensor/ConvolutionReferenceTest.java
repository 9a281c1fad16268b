package replklab.tensor;

import static replklab.tensor.Inputs.wave;
import static replklab.tensor.References.assertClose;
import static replklab.tensor.References.numbers;

import org.junit.jupiter.api.Test;

/** The convolutions give PyTorch's numbers; {@link References} has the preamble of the lines below. */
class ConvolutionReferenceTest {
    /**
     * <pre>{@code
     * x, w, b = wave(0.7, 3, 4), wave(1.1, 2, 4), wave(1.3, 2)
     * y = F.linear(x, w, b); run(y)
     * print(y, x.grad, w.grad, b.grad)
     * }</pre>
     */
    @Test
    void pointwise() {
        Tensor x = wave(0.7, 3, 4).asParameter();
        Tensor w = wave(1.1, 2, 4).asParameter();
        Tensor bias = wave(1.3, 2).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.pointwise(w, bias);
            References.run(tape, y);
            assertClose(y, numbers(1.234697, 1.669041, -0.8623088, -0.3500859, 0.3902767, 2.733565));
            assertClose(
                    x.gradient(),
                    numbers(
                            -0.7454155,
                            -0.5526687,
                            0.2440387,
                            0.7740588,
                            -0.4066956,
                            0.5663664,
                            0.9204988,
                            0.268703,
                            0.9302197,
                            0.2953094,
                            -0.6623172,
                            -0.8961585));
            assertClose(
                    w.gradient(),
                    numbers(0.6055758, -0.3490499, -1.139512, -1.394044, 0.7602494, 0.3382793, -0.2427888, -0.7096696));
            assertClose(bias.gradient(), numbers(0.5313272, 0.2331767));
        }
    }

    /**
     * <pre>{@code
     * x, w, b = wave(0.7, 1, 4, 3, 2), wave(1.1, 3, 3, 2), wave(1.3, 2)
     * y = back(F.conv2d(images(x), w.permute(2, 0, 1)[:, None], b, stride=2, padding=1, groups=2)); run(y)
     * print(y, x.grad, w.grad, b.grad)
     * }</pre>
     */
    @Test
    void depthwiseOfStrideTwo() {
        Tensor x = wave(0.7, 1, 4, 3, 2).asParameter();
        Tensor w = wave(1.1, 3, 3, 2).asParameter();
        Tensor bias = wave(1.3, 2).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.depthwise(w, bias, 2, 1);
            References.run(tape, y);
            assertClose(
                    y, numbers(-0.6506568, 0.9774557, 0.3283371, 1.290278, -0.1673467, 0.7536216, 0.5226531, 1.342708));
            assertClose(
                    x.gradient(),
                    numbers(
                            0,
                            -0.3584002,
                            0.3033938,
                            0.07010226,
                            0.5696202,
                            -0.1955416,
                            -0.3577762,
                            -0.4033594,
                            0.9976928,
                            1.009683,
                            -0.3295862,
                            -0.306855,
                            -0.2588378,
                            0.4472551,
                            0.201768,
                            0.4561589,
                            -0.4520032,
                            -0.007692963,
                            -0.1341361,
                            0.6957916,
                            -0.0376503,
                            0.1622425,
                            -0.2342391,
                            -0.01196789));
            assertClose(
                    w.gradient(),
                    numbers(
                            0.4878205,
                            0.0002827072,
                            -0.1220058,
                            0.976992,
                            0.2793484,
                            -0.01643609,
                            1.24288,
                            0.3541272,
                            0.7047237,
                            0.0323938,
                            0.1621745,
                            1.536104,
                            -1.380264,
                            0.02140623,
                            0.3906869,
                            -1.008207,
                            -0.438364,
                            -0.8135722));
            assertClose(bias.gradient(), numbers(-0.2414373, 0.2499906));
        }
    }

    /**
     * <pre>{@code
     * x, w, b = wave(0.7, 1, 4, 3, 2), wave(1.1, 3, 3, 2), wave(1.3, 2)
     * y = back(F.conv2d(images(x), w.permute(2, 0, 1)[:, None], b, padding=2, dilation=2, groups=2)); run(y)
     * print(y, x.grad, w.grad)
     * }</pre>
     */
    @Test
    void depthwiseOfDilationTwo() {
        Tensor x = wave(0.7, 1, 4, 3, 2).asParameter();
        Tensor w = wave(1.1, 3, 3, 2).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.depthwise(w, wave(1.3, 2), 1, 2);
            References.run(tape, y);
            assertClose(
                    y,
                    numbers(
                            0.8531471,
                            0.6915066,
                            0.4653199,
                            1.194763,
                            0.4051189,
                            2.515508,
                            -1.4442,
                            0.5490765,
                            -0.06896744,
                            0.3538751,
                            0.2245389,
                            0.4732728,
                            1.160262,
                            1.241372,
                            0.5823726,
                            1.229883,
                            -0.03565827,
                            2.191167,
                            -1.613304,
                            0.2867886,
                            0.06904646,
                            0.5739464,
                            0.7189454,
                            0.7685689));
            assertClose(
                    x.gradient(),
                    numbers(
                            -0.9309468,
                            -0.8505867,
                            0.5968043,
                            -0.3223352,
                            1.455354,
                            0.5700602,
                            -0.7055628,
                            0.552003,
                            -0.1429405,
                            -0.4517134,
                            2.121222,
                            0.7444586,
                            -0.5349288,
                            -0.7814786,
                            0.3148578,
                            -0.6719629,
                            1.41162,
                            0.7401776,
                            -0.01306938,
                            0.9365742,
                            -0.1986901,
                            -0.7134235,
                            1.806503,
                            0.3258825));
            assertClose(
                    w.gradient(),
                    numbers(
                            -0.7091783,
                            -0.6886997,
                            1.777015,
                            1.981207,
                            -0.6389769,
                            -0.7051307,
                            0.4934157,
                            0.5899233,
                            -1.054656,
                            -1.414839,
                            0.3096152,
                            0.5888304,
                            -0.3643208,
                            -0.6182805,
                            0.9615625,
                            1.484592,
                            -0.2342391,
                            -0.4906276));
        }
    }

    /**
     * A kernel larger than the map, as in the paper's last stages.
     *
     * <pre>{@code
     * x, w = wave(0.7, 1, 3, 2, 1), wave(1.1, 13, 13, 1)
     * y = back(F.conv2d(images(x), w.permute(2, 0, 1)[:, None], padding=6)); run(y)
     * print(y, x.grad, w.grad[3:10, 4:9].sum((1, 2)))
     * }</pre>
     */
    @Test
    void depthwiseLargerThanTheMap() {
        Tensor x = wave(0.7, 1, 3, 2, 1).asParameter();
        Tensor w = wave(1.1, 13, 13, 1).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.depthwise(w, null, 1, 1);
            References.run(tape, y);
            assertClose(y, numbers(0.3602515, -1.825493, -2.260575, -1.01977, 0.3726922, 2.156132));
            assertClose(x.gradient(), numbers(0.4548955, -2.362961, -2.918552, -1.307367, 0.4913835, 2.786847));
            float[] dw = w.gradient().toArray();
            float[] rows = new float[7];
            for (int i = 0; i < 7 * 5; i++) {
                rows[i / 5] += dw[(3 + i / 5) * 13 + 4 + i % 5];
            }
            assertClose(Tensor.of(rows, 7), numbers(0, -0.9148217, -1.722494, 3.117455, 1.425972, -0.01237271, 0));
        }
    }

    /**
     * <pre>{@code
     * x, w, b = wave(0.7, 1, 4, 4, 2), wave(1.1, 2, 3, 3, 2), wave(1.3, 2)
     * y = back(F.conv2d(images(x), w.permute(0, 3, 1, 2), b, stride=2, padding=1)); run(y)
     * print(y, x.grad, w.grad, b.grad)
     * }</pre>
     */
    @Test
    void fullConvolutionOfStrideTwo() {
        Tensor x = wave(0.7, 1, 4, 4, 2).asParameter();
        Tensor w = wave(1.1, 2, 3, 3, 2).asParameter();
        Tensor bias = wave(1.3, 2).asParameter();
        try (Tape tape = Tape.training(0)) {
            Tensor y = x.convolution(w, bias, 2, 1);
            References.run(tape, y);
            assertClose(y, numbers(-2.642263, 1.036094, 4.704567, 2.537118, -1.468245, 3.515506, 1.579041, -0.786684));
            assertClose(
                    x.gradient(),
                    numbers(
                            -0.2506176,
                            -0.7750919,
                            0.2586963,
                            1.625718,
                            0.4328843,
                            -0.8684571,
                            -1.220742,
                            -0.2389904,
                            -0.8184803,
                            0.1730676,
                            1.993098,
                            1.187858,
                            -0.585814,
                            -1.007418,
                            -0.3281082,
                            0.7097612,
                            0.05391315,
                            1.169722,
                            0.7825471,
                            -1.007817,
                            -0.4573827,
                            0.3369304,
                            0.7630433,
                            0.3552966,
                            0.4515838,
                            1.278138,
                            0.2672125,
                            -1.391022,
                            -0.2443137,
                            0.5334757,
                            0.7282788,
                            0.1272131));
            assertClose(
                    w.gradient(),
                    numbers(
                            -0.5076959,
                            -0.7636213,
                            -0.3810553,
                            -0.2540284,
                            -0.007527934,
                            0.242513,
                            0.9336952,
                            0.3232146,
                            -0.005972657,
                            -0.7216342,
                            -1.0979,
                            -0.9578063,
                            1.107198,
                            0.9233604,
                            0.6980184,
                            -0.024687,
                            -0.7357817,
                            -1.100827,
                            0.01104651,
                            0.01661496,
                            0.6314513,
                            -0.01107081,
                            -0.6483861,
                            -0.9807553,
                            0.4217267,
                            0.3801764,
                            1.116999,
                            0.9731833,
                            0.3716644,
                            -0.4046541,
                            0.2706133,
                            0.423171,
                            0.7498402,
                            1.119943,
                            0.9633192,
                            0.3536313));
            assertClose(bias.gradient(), numbers(-0.2414373, 0.2499906));
        }
    }
}
