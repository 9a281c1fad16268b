package replklab.tensor.device;

import replklab.device.DeviceArray;
import replklab.device.Groups;
import replklab.tensor.Activation;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.NormOperation;
import replklab.tensor.NormOperation.BatchNorm;
import replklab.tensor.NormOperation.BatchNormEvaluation;
import replklab.tensor.NormOperation.BatchNormEvaluationGradient;
import replklab.tensor.NormOperation.BatchNormGradient;
import replklab.tensor.NormOperation.LayerNorm;
import replklab.tensor.NormOperation.LayerNormGradient;
import replklab.tensor.Tensor;
import replklab.tensor.device.SumLaunches.Summands;
import replklab.tensor.device.SumLaunches.What;

/** Norms. */
final class NormLaunches {
    static final Launcher.Program PROGRAM = Launcher.Program.of("norms.cl");

    private static final int LANES = 64;

    private final Launcher launcher;
    private final SumLaunches sums;

    NormLaunches(Launcher launcher, SumLaunches sums) {
        this.launcher = launcher;
        this.sums = sums;
    }

    void run(NormOperation operation) {
        switch (operation) {
            case BatchNorm(var x, var terms, var y) -> {
                statistics(x, terms);
                apply(x, terms, y);
            }
            case BatchNormEvaluation(var x, var terms, var y) -> apply(x, terms, y);
            case BatchNormGradient(var x, var terms, var dy, var dx, var dgamma, var dbeta) ->
                gradient(x, terms, true, dy, dx, dgamma, dbeta);
            case BatchNormEvaluationGradient(var x, var terms, var dy, var dx, var dgamma, var dbeta) ->
                gradient(x, terms, false, dy, dx, dgamma, dbeta);
            case LayerNorm(var x, var gamma, var beta, var epsilon, var y) ->
                layerNorm(x, gamma, beta, epsilon, launcher.out(y), null, null);
            case LayerNormGradient gradient -> run(gradient);
        }
    }

    private void statistics(Tensor x, BatchNormTerms terms) {
        DeviceArray xs = launcher.in(x);
        DeviceArray mean = launcher.out(terms.mean());
        float share = (float) (1.0 / x.shape().rows());
        sums.run(What.X, Summands.of(x, 1, xs, null, null), share, mean, null);
        sums.run(What.DEVIATION, Summands.of(x, 1, xs, null, mean), share, launcher.out(terms.variance()), null);
    }

    private Launcher.Scratch scale(BatchNormTerms terms) {
        long channels = terms.gamma().shape().elements();
        Launcher.Scratch scale = launcher.scratch(channels);
        launcher.run(
                PROGRAM,
                "norm_scale",
                Groups.of(channels),
                channels,
                (float) terms.epsilon(),
                launcher.in(terms.variance()),
                scale.array());
        return scale;
    }

    private void apply(Tensor x, BatchNormTerms terms, Tensor y) {
        long elements = x.shape().elements();
        try (Launcher.Scratch scale = scale(terms)) {
            launcher.run(
                    PROGRAM,
                    "batch_norm",
                    Groups.of(elements),
                    elements,
                    x.shape().channels(),
                    KernelNumbers.of(terms.activation()),
                    launcher.in(x),
                    launcher.in(terms.mean()),
                    scale.array(),
                    launcher.in(terms.gamma()),
                    launcher.in(terms.beta()),
                    launcher.out(y));
        }
    }

    private void gradient(
            Tensor x, BatchNormTerms terms, boolean ofBatch, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta) {
        int channels = x.shape().channels();
        try (Launcher.Scratch scale = scale(terms);
                Launcher.Scratch byBeta = launcher.scratch(channels);
                Launcher.Scratch byGamma = launcher.scratch(channels)) {
            DeviceArray first = dbeta == null ? byBeta.array() : launcher.out(dbeta);
            DeviceArray second = dgamma == null ? byGamma.array() : launcher.out(dgamma);
            if (ofBatch || dbeta != null || dgamma != null) {
                Summands all = new Summands(
                        1,
                        x.shape().rows(),
                        channels,
                        terms.activation(),
                        launcher.in(x),
                        launcher.in(dy),
                        launcher.in(terms.mean()),
                        scale.array(),
                        launcher.in(terms.gamma()),
                        launcher.in(terms.beta()));
                sums.run(What.NORM, all, 1, first, second);
            }
            if (dx != null) {
                long elements = x.shape().elements();
                launcher.run(
                        PROGRAM,
                        "batch_norm_gradient",
                        Groups.of(elements),
                        elements,
                        channels,
                        KernelNumbers.of(terms.activation()),
                        ofBatch ? (float) (1.0 / x.shape().rows()) : 0f,
                        launcher.in(x),
                        launcher.in(dy),
                        launcher.in(terms.mean()),
                        scale.array(),
                        launcher.in(terms.gamma()),
                        launcher.in(terms.beta()),
                        first,
                        second,
                        launcher.out(dx));
            }
        }
    }

    private void layerNorm(
            Tensor x, Tensor gamma, Tensor beta, double epsilon, DeviceArray y, DeviceArray means, DeviceArray scales) {
        launcher.run(
                PROGRAM,
                "layer_norm",
                new Groups(x.shape().rows(), 1, 1, LANES, 1),
                x.shape().channels(),
                (float) epsilon,
                launcher.in(x),
                launcher.in(gamma),
                launcher.in(beta),
                y,
                means,
                scales);
    }

    private void run(LayerNormGradient gradient) {
        Tensor x = gradient.x();
        int rows = x.shape().rows();
        try (Launcher.Scratch means = launcher.scratch(rows);
                Launcher.Scratch scales = launcher.scratch(rows)) {
            layerNorm(x, gradient.gamma(), null, gradient.epsilon(), null, means.array(), scales.array());
            if (gradient.dbeta() != null || gradient.dgamma() != null) {
                Summands all = new Summands(
                        1,
                        rows,
                        x.shape().channels(),
                        Activation.NONE,
                        launcher.in(x),
                        launcher.in(gradient.dy()),
                        means.array(),
                        scales.array(),
                        null,
                        null);
                sums.run(What.LAYER, all, 1, launcher.out(gradient.dbeta()), launcher.out(gradient.dgamma()));
            }
            if (gradient.dx() != null) {
                launcher.run(
                        PROGRAM,
                        "layer_norm_gradient",
                        new Groups(rows, 1, 1, LANES, 1),
                        x.shape().channels(),
                        launcher.in(x),
                        launcher.in(gradient.gamma()),
                        means.array(),
                        scales.array(),
                        launcher.in(gradient.dy()),
                        launcher.out(gradient.dx()));
            }
        }
    }
}
