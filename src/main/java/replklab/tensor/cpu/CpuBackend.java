package replklab.tensor.cpu;

import replklab.base.Parallel;
import replklab.tensor.Activation;
import replklab.tensor.Backend;
import replklab.tensor.BatchNormTerms;
import replklab.tensor.Targets;
import replklab.tensor.Tensor;

/** The CPU implementation: Vector API kernels, and oneDNN or OpenBLAS, on native memory. */
public final class CpuBackend implements Backend {
    /** Made by the service loader. */
    public CpuBackend() {
        OneDnn.preload();
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "cpu (" + Lanes.SPECIES.vectorBitSize() + "-bit vectors, " + Parallel.threads() + " threads, "
                + (OneDnn.isAvailable() ? "oneDNN" : "OpenBLAS") + ")";
    }

    @Override
    public void pointwise(Tensor x, Tensor w, Tensor bias, Activation activation, Tensor residual, Tensor y) {
        PointwiseKernels.forward(x, w, bias, activation, residual, y);
    }

    @Override
    public void pointwiseGradient(Tensor x, Tensor w, Tensor dy, Tensor dx, Tensor dw, Tensor dbias) {
        PointwiseKernels.gradient(x, w, dy, dx, dw, dbias);
    }

    @Override
    public void depthwise(Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y) {
        DepthwiseKernels.forward(x, w, bias, stride, dilation, activation, y);
    }

    @Override
    public void depthwiseGradient(
            Tensor x, Tensor w, int stride, int dilation, Tensor dy, Tensor dx, Tensor dw, Tensor dbias) {
        DepthwiseKernels.gradient(x, w, stride, dilation, dy, dx, dw, dbias);
    }

    @Override
    public void depthwisePair(Tensor x, Tensor large, Tensor small, Tensor yLarge, Tensor ySmall) {
        DepthwiseKernels.forwardPair(x, large, small, yLarge, ySmall);
    }

    @Override
    public void depthwisePairGradient(
            Tensor x,
            Tensor large,
            Tensor small,
            Tensor dyLarge,
            Tensor dySmall,
            Tensor dx,
            Tensor dlarge,
            Tensor dsmall) {
        DepthwiseKernels.gradientPair(this, x, large, small, dyLarge, dySmall, dx, dlarge, dsmall);
    }

    @Override
    public void convolution(
            Tensor x, Tensor w, Tensor bias, int stride, int dilation, Activation activation, Tensor y) {
        ConvolutionKernels.forward(DepthwiseKernels.shape(x, w.size(1), stride, dilation), x, w, bias, activation, y);
    }

    @Override
    public void convolutionGradient(
            Tensor x, Tensor w, int stride, int dilation, Tensor dy, Tensor dx, Tensor dw, Tensor dbias) {
        ConvolutionKernels.gradient(DepthwiseKernels.shape(x, w.size(1), stride, dilation), x, w, dy, dx, dw, dbias);
    }

    @Override
    public void batchNorm(Tensor x, BatchNormTerms terms, Tensor y) {
        BatchNormKernels.statistics(x, terms.mean(), terms.variance());
        BatchNormKernels.apply(x, terms, y);
    }

    @Override
    public void batchNormGradient(Tensor x, BatchNormTerms terms, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta) {
        BatchNormKernels.gradient(x, terms, true, dy, dx, dgamma, dbeta);
    }

    @Override
    public void batchNormEvaluation(Tensor x, BatchNormTerms terms, Tensor y) {
        BatchNormKernels.apply(x, terms, y);
    }

    @Override
    public void batchNormEvaluationGradient(
            Tensor x, BatchNormTerms terms, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta) {
        BatchNormKernels.gradient(x, terms, false, dy, dx, dgamma, dbeta);
    }

    @Override
    public void layerNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon, Tensor y) {
        LayerNormKernels.forward(x, gamma, beta, epsilon, y);
    }

    @Override
    public void layerNormGradient(
            Tensor x, Tensor gamma, double epsilon, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta) {
        LayerNormKernels.gradient(x, gamma, epsilon, dy, dx, dgamma, dbeta);
    }

    @Override
    public void activation(Activation kind, Tensor x, Tensor y) {
        ActivationKernels.forward(kind, x, y);
    }

    @Override
    public void activationGradient(Activation kind, Tensor x, Tensor dy, Tensor dx) {
        ActivationKernels.gradient(kind, x, dy, dx);
    }

    @Override
    public void combine(float a, Tensor x, float b, Tensor z, Tensor y) {
        ElementwiseKernels.combine(a, x, b, z, y);
    }

    @Override
    public void multiply(Tensor x, Tensor z, Tensor y) {
        ElementwiseKernels.multiply(x, z, y);
    }

    @Override
    public void scaleImages(Tensor x, float[] factors, Tensor y) {
        ElementwiseKernels.scaleImages(x, factors, y);
    }

    @Override
    public void gate(Tensor x, Tensor gate, Tensor y) {
        SpaceKernels.gate(x, gate, y);
    }

    @Override
    public void gateGradient(Tensor x, Tensor gate, Tensor dy, Tensor dx, Tensor dgate) {
        if (dx != null) {
            SpaceKernels.gate(dy, gate, dx);
        }
        if (dgate != null) {
            SpaceKernels.gateWeightGradient(x, dy, dgate);
        }
    }

    @Override
    public void scaleChannels(Tensor x, Tensor factors, Tensor y) {
        ChannelKernels.scale(x, factors, y);
    }

    @Override
    public void scaleChannelsGradient(Tensor x, Tensor factors, Tensor dy, Tensor dx, Tensor dfactors) {
        if (dx != null) {
            ChannelKernels.scale(dy, factors, dx);
        }
        if (dfactors != null) {
            ChannelKernels.sumOfProducts(x, dy, dfactors);
        }
    }

    @Override
    public void concatenate(Tensor[] parts, Tensor y) {
        ChannelKernels.concatenate(parts, y);
    }

    @Override
    public void concatenateGradient(Tensor dy, int[] widths, Tensor[] dparts) {
        ChannelKernels.split(dy, widths, dparts);
    }

    @Override
    public void fill(Tensor x, float value) {
        ElementwiseKernels.fill(x, value);
    }

    @Override
    public void globalAveragePool(Tensor x, Tensor y) {
        SpaceKernels.globalAveragePool(x, y);
    }

    @Override
    public void globalAveragePoolGradient(Tensor dy, Tensor dx) {
        SpaceKernels.globalAveragePoolGradient(dy, dx);
    }

    @Override
    public void resizeBilinear(Tensor x, Tensor y) {
        ResizeKernels.forward(x, y);
    }

    @Override
    public void resizeBilinearGradient(Tensor dy, Tensor dx) {
        ResizeKernels.gradient(dy, dx);
    }

    @Override
    public void adaptiveAveragePool(Tensor x, Tensor y) {
        AdaptivePoolKernels.forward(x, y);
    }

    @Override
    public void adaptiveAveragePoolGradient(Tensor dy, Tensor dx) {
        AdaptivePoolKernels.gradient(dy, dx);
    }

    @Override
    public void patches(Tensor x, int size, Tensor y) {
        PatchKernels.forward(x, size, y);
    }

    @Override
    public void patchesGradient(Tensor dy, int size, Tensor dx) {
        PatchKernels.gradient(dy, size, dx);
    }

    @Override
    public double crossEntropy(Tensor logits, Targets targets, Tensor dlogits) {
        return CrossEntropyKernel.run(logits, targets, dlogits);
    }

    @Override
    public double sum(Tensor x) {
        return Reductions.sum(x);
    }

    @Override
    public double sumOfSquares(Tensor x) {
        return Reductions.sumOfSquares(x);
    }

    @Override
    public void sgdStep(
            Tensor w, Tensor gradient, Tensor velocity, float scale, float rate, float momentum, float decay) {
        w.requireChangeable();
        OptimiserKernels.sgd(w, gradient, velocity, scale, rate, momentum, decay);
    }

    @Override
    public void adamWStep(
            Tensor w,
            Tensor gradient,
            Tensor first,
            Tensor second,
            float scale,
            float rate,
            float beta1,
            float beta2,
            float epsilon,
            float decay,
            long step) {
        w.requireChangeable();
        OptimiserKernels.adamW(w, gradient, first, second, scale, rate, beta1, beta2, epsilon, decay, step);
    }
}
